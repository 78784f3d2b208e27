import * as z from "zod";

/** What one side says of the link between the two. Whatever is not known for certain is `other`. */
export const Replication = z.object({
  kind: z.enum(["following", "seeding", "pending", "suspended", "moving", "other"]),
  /** Azure's own word, for people and for the second opinion. */
  said: z.string(),
});
export type Replication = z.infer<typeof Replication>;
