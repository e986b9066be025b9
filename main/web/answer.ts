import type { FastifyReply } from 'fastify';

/** Answers with one line of text. */
export function line(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${text}\n`);
}

/** A request that is refused with one line of text. */
export class RequestRefused extends Error {
  constructor(
    readonly statusCode: number,
    message: string,
  ) {
    super(message);
    this.name = 'RequestRefused';
  }
}
