import { request, type IncomingHttpHeaders } from 'node:http';

export interface WebAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

export interface WebRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/**
 * One HTTP request exactly as it is given: `fetch` would tidy up the path and forbid some headers. An answer counts even
 * if the server closes the connection before it has read all of the body.
 */
export function webRequest(origin: string, path: string, options: WebRequest = {}): Promise<WebAnswer> {
  const { hostname, port } = new URL(origin);
  const { method = 'GET', headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const all = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: all, text: all.toString('utf8') });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** One file of an upload. */
export interface UploadedFile {
  readonly path: string;
  readonly content: Buffer | string;
}

/** The body of an upload as the page sends it, and its headers. `list` replaces the true list of files. */
export function uploadBody(
  files: readonly UploadedFile[],
  list: unknown = files.map(({ path }) => ({ path, modified: 1_700_000_000_000 })),
): { readonly headers: Record<string, string>; readonly body: Buffer } {
  const boundary = 'stillgrain-test-boundary';
  const part = (disposition: string, content: Buffer | string): Buffer =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
  const body = Buffer.concat([
    part('name="list"', JSON.stringify(list)),
    ...files.map(({ content }) => part('name="file"; filename="file"', content)),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}` }, body };
}
