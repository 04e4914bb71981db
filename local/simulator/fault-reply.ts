import type { StatusFault } from './faults.ts';
import type { SimRequest, SimResponse, SimulatorOptions } from './server.ts';

type FaultReplyOptions = Pick<SimulatorOptions, 'errorBody' | 'now'>;

/** The answer that an injected status stands for. */
export function faultReply(fault: StatusFault, request: SimRequest, options: FaultReplyOptions): SimResponse {
  const retryAfter = retryAfterHeader(fault, options.now ?? Date.now);
  const headers = { ...fault.headers, ...(retryAfter === undefined ? {} : { 'Retry-After': retryAfter }) };
  if (fault.body === 'empty') return { status: fault.status, headers };
  if (fault.body === 'html') {
    const page = `<html><head><title>${fault.status}</title></head><body><center>gateway</center></body></html>`;
    return { status: fault.status, headers: { 'Content-Type': 'text/html', ...headers }, body: page };
  }
  return { status: fault.status, headers, body: fault.body ?? errorBody(fault.status, request, options) };
}

function errorBody(status: number, request: SimRequest, options: FaultReplyOptions): unknown {
  if (options.errorBody !== undefined) return options.errorBody(status, request);
  return { error: { code: `Injected${status}`, message: `Injected by the simulator: ${status}.` } };
}

function retryAfterHeader(fault: StatusFault, now: () => number): string | undefined {
  if (typeof fault.retryAfter !== 'number') return fault.retryAfter;
  if (fault.retryAfterAs !== 'http-date') return String(fault.retryAfter);
  return new Date(now() + fault.retryAfter * 1000).toUTCString();
}
