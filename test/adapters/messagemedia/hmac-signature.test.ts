import { createHmac } from 'node:crypto';
import { signRequest } from '../../../src/adapters/messagemedia/hmac-signature.ts';

const PAIR = { key: 'uCXUdoogNfCsehEClbO2', secret: 'secret-of-the-test' };
const AT = Date.UTC(2016, 6, 30, 5, 13, 23);
// `{}` in hexadecimal digits of its MD5.
const BODY = { text: '{}', md5: '99914b932bd37a50b983c5e7c90ae93b' };

const hmac = (text: string, secret = PAIR.secret) => createHmac('sha256', secret).update(text).digest('base64');

describe('signRequest', () => {
  it('signs date and request line of a request without a body', () => {
    const path = '/v1/messages/404b941b-2a29-469f-b114-9ea3e16bbe18';

    const headers = signRequest(PAIR, { method: 'GET', path }, AT);

    const signature = hmac(`Date: Sat, 30 Jul 2016 05:13:23 GMT\nGET ${path} HTTP/1.1`);
    expect(headers).toEqual({
      date: 'Sat, 30 Jul 2016 05:13:23 GMT',
      authorization: `hmac username="uCXUdoogNfCsehEClbO2", algorithm="hmac-sha256", headers="Date request-line", signature="${signature}"`,
    });
  });

  it('signs the digest of a body, too', () => {
    const headers = signRequest(PAIR, { method: 'POST', path: '/v1/messages', body: BODY.text }, AT);

    const text = `Date: Sat, 30 Jul 2016 05:13:23 GMT\nContent-MD5: ${BODY.md5}\nPOST /v1/messages HTTP/1.1`;
    expect(headers).toEqual({
      date: 'Sat, 30 Jul 2016 05:13:23 GMT',
      'content-md5': BODY.md5,
      authorization: `hmac username="uCXUdoogNfCsehEClbO2", algorithm="hmac-sha256", headers="Date Content-MD5 request-line", signature="${hmac(text)}"`,
    });
  });

  it('does not send the secret', () => {
    const headers = signRequest(PAIR, { method: 'POST', path: '/v1/messages', body: BODY.text }, AT);

    expect(JSON.stringify(headers)).not.toContain(PAIR.secret);
  });

  it('covers the query as it is sent, and bodies by their UTF-8 bytes', () => {
    const path = '/api/v1/contacts/contacts?channelIds=%2B61491570156';

    const { authorization } = signRequest(PAIR, { method: 'GET', path }, AT);

    expect(authorization).toContain(hmac(`Date: Sat, 30 Jul 2016 05:13:23 GMT\nGET ${path} HTTP/1.1`));
    expect(signRequest(PAIR, { method: 'POST', path, body: 'é' }, AT)['content-md5']).toBe(
      '66ddcd97cfdeabb2f6fb8a999b4bc76f',
    );
  });
});
