import { Connection, type ConnectionConfiguration } from "tedious";

type Parse = Connection["createTokenStreamParser"];

/**
 * tedious closes two gaps less than we need. Bytes that are no TDS, after the pre-login, end in an `error`
 * event that nobody hears, or in an exception out of a stream: both would end the process, and with it all
 * that runs beside this look. And where the server says that it cannot encrypt, `encrypt: true` sends the
 * login all the same, readable on the way.
 *
 * Both are closed at the seams that tedious 19.2.2 has for its own use: after an upgrade, test/azure/sql
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
    return parser;
  }

  /** The first word on every connection, also on the one after a redirect. */
  override sendPreLogin(): void {
    this.encrypted = false;
    super.sendPreLogin();
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
