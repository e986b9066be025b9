import { randomBytes, timingSafeEqual } from 'node:crypto';

/** What the guard looks at of a request. */
export interface GuardedRequest {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** The value of the guard's cookie. */
  readonly cookie: string | undefined;
  /** Whether a socket is asked for. */
  readonly upgrade: boolean;
}

export interface Refusal {
  readonly status: 401 | 403 | 421;
  /** One line for the person. */
  readonly message: string;
}

const TOKEN_BYTES = 32;

/**
 * Decides who may talk to the server: whoever has opened the address with the token in it, under the server's own name,
 * from the server's own page. Other programs and other sites of the same machine may not.
 */
export class Guard {
  readonly #token = randomBytes(TOKEN_BYTES).toString('base64url');
  #port = 0;

  /** Cookies do not know of ports: the name keeps two servers of one machine apart. */
  get cookieName(): string {
    return `stillgrain_${this.#port}`;
  }

  get cookieValue(): string {
    return this.#token;
  }

  /** The address to open. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}/?token=${this.#token}`;
  }

  /** Tells the port, which the system may have chosen. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** Whether a text is the token, in a time that does not depend on how much of it is right. */
  isToken(text: unknown): boolean {
    if (typeof text !== 'string') return false;
    const [given, wanted] = [Buffer.from(text), Buffer.from(this.#token)];
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** Why a request may come from another name or site than the server's own; null if it does not. */
  refuseOrigin({ method, host, origin, upgrade }: Omit<GuardedRequest, 'cookie'>): Refusal | null {
    const names = [`127.0.0.1:${this.#port}`, `localhost:${this.#port}`];
    // A site whose name has been made to point at this machine calls us by that name.
    if (host === undefined || !names.includes(host.toLowerCase())) {
      return { status: 421, message: `This server answers to ${names.join(' and ')} only.` };
    }
    const originNeeded = upgrade || (method !== 'GET' && method !== 'HEAD');
    const isOwn = origin === undefined ? !originNeeded : origin.toLowerCase() === `http://${host.toLowerCase()}`;
    return isOwn ? null : { status: 403, message: 'This request does not come from the page of this server.' };
  }

  /** Why a request is refused; null if it may pass. */
  refuse(request: GuardedRequest): Refusal | null {
    const refusal = this.refuseOrigin(request);
    if (refusal !== null || this.isToken(request.cookie)) return refusal;
    return { status: 401, message: 'Open the address that Stillgrain printed when it was started.' };
  }
}
