import { Connection, type ConnectionConfiguration } from "tedious";
import { ANSWER_SIZES } from "../answer-sizes.ts";
import { tooLarge } from "../limit-answers.ts";

type Parse = Connection["createTokenStreamParser"];

/**
 * tedious closes four gaps less than we need. Bytes that are no TDS, after the pre-login, end in an `error` event
 * that nobody hears, or in an exception out of a stream; so does the end of an answer that comes after we have
 * closed: each would end the process, and with it all that runs beside this look. Where the server says that it
 * cannot encrypt, `encrypt: true` sends the login all the same, readable on the way. And it takes in whatever a
 * server says, for as long as it likes.
 *
 * They are closed at the seams that tedious 19.2.2 has for its own use: after an upgrade, test/azure/sql
 * tells whether they are still there.
 */
export class GuardedConnection extends Connection {
  private readonly mustEncrypt: boolean;
  private readonly onGarbage: (error: unknown) => void;
  private encrypted = false;

  constructor(config: ConnectionConfiguration, onGarbage: (error: unknown) => void) {
    super(config);
    this.mustEncrypt = config.options?.encrypt === true;
    this.onGarbage = onGarbage;
    this.on("secure", () => {
      this.encrypted = true;
    });
  }

  override createTokenStreamParser(...[message, handler]: Parameters<Parse>): ReturnType<Parse> {
    const parser = super.createTokenStreamParser(message, this.heard(handler));
    parser.parser.on("error", this.onGarbage);
    // What has come and is not parsed yet would end a request that is no more.
    this.once("end", () => {
      parser.removeAllListeners("end");
      parser.parser.destroy();
    });
    return parser;
  }

  /** The first word on every connection, also on the one after a redirect. */
  override sendPreLogin(): void {
    this.encrypted = false;
    this.countBytes();
    super.sendPreLogin();
  }

  /** As they come from the network, before anything is made of them. */
  private countBytes(): void {
    const { socket } = this;
    let bytes = 0;
    const count = (chunk: Buffer): void => {
      bytes += chunk.byteLength;
      if (bytes <= ANSWER_SIZES.sql.bytes) return;
      socket?.off("data", count);
      this.onGarbage(tooLarge("sql"));
    };
    socket?.on("data", count);
  }

  override sendLogin7Packet(): void {
    if (this.mustEncrypt && !this.encrypted) {
      throw Object.assign(new Error("Cannot log in: the server does not encrypt"), {
        code: "EENCRYPT",
      });
    }
    super.sendLogin7Packet();
  }

  /** The same handler; what it throws at a token that is out of place comes to us. */
  private heard<Handler extends object>(handler: Handler): Handler {
    const { onGarbage } = this;
    return new Proxy(handler, {
      get(target, key) {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== "function") return member;
        return (...args: unknown[]): unknown => {
          try {
            return Reflect.apply(member, target, args);
          } catch (error) {
            return onGarbage(error);
          }
        };
      },
    });
  }
}
