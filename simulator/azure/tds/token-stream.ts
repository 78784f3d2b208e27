/** One column of an answer. */
export interface Column {
  readonly name: string;
  readonly type: "text" | "int" | "bigint";
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface ServerError {
  readonly number: number;
  readonly state: number;
  readonly class: number;
  readonly message: string;
}

const TOKEN = {
  columns: 0x81,
  error: 0xaa,
  loginAck: 0xad,
  featureAck: 0xae,
  row: 0xd1,
  change: 0xe3,
  done: 0xfd,
};
const DONE = { more: 0x01, error: 0x02, count: 0x10, attention: 0x20 };
const CHANGE = { database: 1, routing: 20 };
const TDS_7_4 = 0x74000004;
const COLLATION = Buffer.of(0x09, 0x04, 0xd0, 0x00, 0x34);
const NULL_TEXT = Buffer.of(0xff, 0xff);
const PRELOGIN_OPTIONS = {
  version: 0x00,
  encryption: 0x01,
  instance: 0x02,
  thread: 0x03,
  mars: 0x04,
};
const FEDAUTH_REQUIRED = 0x06;

/** The answer to a pre-login message. */
export function preloginAnswer(encryption: "on" | "not-supported"): Buffer {
  const options: readonly (readonly [number, Buffer])[] = [
    [PRELOGIN_OPTIONS.version, Buffer.of(16, 0, 0, 0, 0, 0)],
    [PRELOGIN_OPTIONS.encryption, Buffer.of(encryption === "on" ? 1 : 2)],
    [PRELOGIN_OPTIONS.instance, Buffer.of(0)],
    [PRELOGIN_OPTIONS.thread, Buffer.alloc(0)],
    [PRELOGIN_OPTIONS.mars, Buffer.of(0)],
    [FEDAUTH_REQUIRED, Buffer.of(1)],
  ];
  let at = 5 * options.length + 1;
  const heads = options.map(([option, data]) => {
    const head = Buffer.alloc(5);
    head.writeUInt8(option, 0);
    head.writeUInt16BE(at, 1);
    head.writeUInt16BE(data.length, 3);
    at += data.length;
    return head;
  });
  return Buffer.concat([...heads, Buffer.of(0xff), ...options.map(([, data]) => data)]);
}

/** "You are in." */
export function loginAnswer(database: string, byToken: boolean): Buffer {
  const ack = Buffer.concat([
    Buffer.of(1),
    u32be(TDS_7_4),
    short("Microsoft SQL Server"),
    Buffer.of(16, 0, 0, 0),
  ]);
  return Buffer.concat([
    sized(TOKEN.change, Buffer.concat([Buffer.of(CHANGE.database), short(database), short("")])),
    sized(TOKEN.loginAck, ack),
    byToken ? Buffer.of(TOKEN.featureAck, 0x02, 0, 0, 0, 0, 0xff) : Buffer.alloc(0),
    done(0),
  ]);
}

/** "You are in, but go there." */
export function routingAnswer(database: string, host: string, port: number): Buffer {
  const name = Buffer.from(host, "utf16le");
  const route = Buffer.concat([Buffer.of(0), u16(port), u16(host.length), name]);
  const change = Buffer.concat([Buffer.of(CHANGE.routing), u16(route.length), route, u16(0)]);
  return Buffer.concat([
    loginAnswer(database, false).subarray(0, -done(0).length),
    sized(TOKEN.change, change),
    done(0),
  ]);
}

/** Refusals, in the order in which the server gives them. */
export function errorAnswer(errors: readonly ServerError[], server: string): Buffer {
  return Buffer.concat([...errors.map((error) => errorToken(error, server)), done(DONE.error)]);
}

/** Result sets, one after the other. */
export function tablesAnswer(tables: readonly Table[]): Buffer {
  return Buffer.concat([
    ...tables.flatMap(({ columns, rows }) => [
      columnsToken(columns),
      ...rows.map((row) => rowToken(columns, row)),
      done(DONE.more | DONE.count, rows.length),
    ]),
    done(0),
  ]);
}

/** "I have stopped." */
export function attentionAnswer(): Buffer {
  return done(DONE.attention);
}

function errorToken(error: ServerError, server: string): Buffer {
  const text = Buffer.from(error.message, "utf16le");
  return sized(
    TOKEN.error,
    Buffer.concat([
      u32(error.number),
      Buffer.of(error.state, error.class),
      u16(error.message.length),
      text,
      short(server),
      short(""),
      u32(1),
    ]),
  );
}

function columnsToken(columns: readonly Column[]): Buffer {
  const described = columns.map(({ name, type }) =>
    Buffer.concat([
      u32(0),
      u16(0x09),
      type === "text"
        ? Buffer.concat([Buffer.of(0xe7), u16(512), COLLATION])
        : Buffer.of(0x26, sizeOf(type)),
      short(name),
    ]),
  );
  return Buffer.concat([Buffer.of(TOKEN.columns), u16(columns.length), ...described]);
}

function rowToken(columns: readonly Column[], row: readonly (string | number | null)[]): Buffer {
  const cells = columns.map(({ type }, i) => cell(type, row[i] ?? null));
  return Buffer.concat([Buffer.of(TOKEN.row), ...cells]);
}

function cell(type: Column["type"], value: string | number | null): Buffer {
  if (type === "text") {
    if (value === null) return NULL_TEXT;
    const text = Buffer.from(String(value), "utf16le");
    return Buffer.concat([u16(text.length), text]);
  }
  if (value === null) return Buffer.of(0);
  const size = sizeOf(type);
  const bytes = Buffer.alloc(1 + size);
  bytes.writeUInt8(size, 0);
  if (type === "int") bytes.writeInt32LE(Number(value), 1);
  else bytes.writeBigInt64LE(BigInt(value), 1);
  return bytes;
}

function sizeOf(type: "int" | "bigint"): number {
  return type === "int" ? 4 : 8;
}

function done(status: number, rows = 0): Buffer {
  const count = Buffer.alloc(8);
  count.writeBigUInt64LE(BigInt(rows));
  return Buffer.concat([Buffer.of(TOKEN.done), u16(status), u16(0), count]);
}

function sized(token: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.of(token), u16(body.length), body]);
}

/** A text with its length in one byte. */
function short(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text, "utf16le")]);
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u32be(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
