import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:net";
import { unawaited } from "functions-host/unawaited";

/** Listens on the loopback address; 0 takes any port. Resolves with the port, rejects where it is taken. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (address === null || typeof address === "string") {
        reject(new Error(`Cannot listen: not on a port: ${address}`));
      } else resolve(address.port);
    });
  });
}

type Exchange = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

/** Answers every request by itself: one that fails says so, and ends no other. */
export function answerEach(
  answer: Exchange,
  say: (line: string) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) =>
    unawaited(answer(request, response), (because) => {
      say(`Cannot answer ${request.method} ${request.url}: ${because}`);
      response.destroy();
    });
}
