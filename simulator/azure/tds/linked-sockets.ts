import { Socket } from "node:net";

/** One end of a connection inside of this process: what is written here arrives there, and nothing is lost. */
class LinkedSocket extends Socket {
  private other: LinkedSocket | null = null;

  link(other: LinkedSocket): void {
    this.other = other;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.other?.push(chunk);
    done();
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.other?.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.hangUp();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.hangUp();
    super._destroy(error, done);
  }

  /** As a machine that is gone: the other end is told so by an error. */
  override resetAndDestroy(): this {
    const { other } = this;
    this.other = null;
    other?.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    return this.destroy();
  }

  private hangUp(): void {
    const { other } = this;
    this.other = null;
    if (other !== null && !other.destroyed) other.push(null);
  }
}

/** Both ends of a connection that needs no network: bytes arrive in the order of what happens, at every run. */
export function linkedSockets(): readonly [near: Socket, far: Socket] {
  const [near, far] = [new LinkedSocket(), new LinkedSocket()];
  near.link(far);
  far.link(near);
  return [near, far];
}
