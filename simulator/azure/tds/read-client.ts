/** Who wants in, as the login message says. */
export interface LoginMessage {
  readonly serverName: string;
  readonly database: string;
  readonly appName: string;
  readonly userName: string;
  readonly password: string;
  /** Null where the login is by password. */
  readonly token: string | null;
}

const FIELD = {
  userName: 40,
  password: 44,
  appName: 48,
  serverName: 52,
  extension: 56,
  database: 68,
};
const FEDAUTH_FEATURE = 0x02;
const LAST_FEATURE = 0xff;
const ENCRYPTION_OPTION = 0x01;
const LAST_OPTION = 0xff;
const ON = 0x01;

/** Does the client of this pre-login message want TLS? */
export function wantsEncryption(payload: Buffer): boolean {
  for (let at = 0; payload.readUInt8(at) !== LAST_OPTION; at += 5) {
    if (payload.readUInt8(at) !== ENCRYPTION_OPTION) continue;
    return payload.readUInt8(payload.readUInt16BE(at + 1)) === ON;
  }
  return false;
}

/** Reads a LOGIN7 message. Throws at one that is none. */
export function readLogin(payload: Buffer): LoginMessage {
  const bytes = (field: number): Buffer => {
    const from = payload.readUInt16LE(field);
    return payload.subarray(from, from + 2 * payload.readUInt16LE(field + 2));
  };
  const text = (field: number): string => bytes(field).toString("utf16le");
  return {
    serverName: text(FIELD.serverName),
    database: text(FIELD.database) || "master",
    appName: text(FIELD.appName),
    userName: text(FIELD.userName),
    password: unscrambled(bytes(FIELD.password)),
    token: tokenOf(payload),
  };
}

/** Reads the text of a batch, or of the statement of a call of sp_executesql. */
export function readStatement(kind: "batch" | "rpc", payload: Buffer): string {
  const body = payload.subarray(payload.readUInt32LE(0));
  if (kind === "batch") return body.toString("utf16le");
  // 0xffff, number of the procedure, flags; then the parameter: name, status, type, length, collation.
  const named = body.readUInt16LE(0) !== 0xffff;
  const parameter = body.subarray(named ? 4 + 2 * body.readUInt16LE(0) : 6);
  const type = parameter.subarray(2 + 2 * parameter.readUInt8(0));
  const value = type.subarray(8);
  return type.readUInt16LE(1) === 0xffff
    ? chunked(value.subarray(8))
    : value.subarray(2, 2 + value.readUInt16LE(0)).toString("utf16le");
}

function chunked(bytes: Buffer): string {
  const parts: Buffer[] = [];
  let at = 0;
  for (let length = bytes.readUInt32LE(at); length > 0; length = bytes.readUInt32LE(at)) {
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return Buffer.concat(parts).toString("utf16le");
}

function tokenOf(payload: Buffer): string | null {
  if (payload.readUInt16LE(FIELD.extension + 2) === 0) return null;
  let at = payload.readUInt32LE(payload.readUInt16LE(FIELD.extension));
  while (payload.readUInt8(at) !== LAST_FEATURE) {
    const length = payload.readUInt32LE(at + 1);
    if (payload.readUInt8(at) === FEDAUTH_FEATURE) {
      const size = payload.readUInt32LE(at + 6);
      return payload.subarray(at + 10, at + 10 + size).toString("utf16le");
    }
    at += 5 + length;
  }
  return null;
}

/** Every byte is turned around and flipped with 0xa5: so that it is no plain text, not so that it is safe. */
function unscrambled(bytes: Buffer): string {
  const plain = bytes.map((byte) => {
    const flipped = byte ^ 0xa5;
    return ((flipped << 4) | (flipped >> 4)) & 0xff;
  });
  return Buffer.from(plain).toString("utf16le");
}
