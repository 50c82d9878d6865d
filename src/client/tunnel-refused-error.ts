/** How a proxy said no. */
export class TunnelRefusedError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`The proxy answered ${status}.`);
    this.status = status;
  }
}
