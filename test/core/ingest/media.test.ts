import { describe, expect, it } from 'vitest';
import { mediaSource } from '../../../src/ingest/media.ts';
import { refusalOf } from '../../support/refusals.ts';

const FIELD = 'messages.0.content.0.image_url.url';

describe('mediaSource', () => {
  it('takes what came inside the request', () => {
    expect(mediaSource('data:image/PNG;base64,AAAA', FIELD)).toEqual({
      type: 'base64',
      mediaType: 'image/png',
      data: 'AAAA',
    });
  });

  it.each(['https://images.test/a.png', 'https://images.test:8443/a?b=c#d'])('takes %s', (url) => {
    expect(mediaSource(url, FIELD)).toEqual({ type: 'url', url });
  });

  it.each([
    ['no URL', 'image'],
    ['an address without encryption', 'http://images.test/a.png'],
    ['a file', 'file:///etc/passwd'],
    ['a user name', 'https://user:secret@images.test/'],
    ['an address of this machine', 'https://localhost/a.png'],
    ['an address of this machine as a number', 'https://127.0.0.1/a.png'],
    ['the address of a cloud’s secrets', 'https://169.254.169.254/latest'],
    ['a number in one piece', 'https://2130706433/'],
    ['a number in hexadecimal', 'https://0x7f000001/'],
    ['a long address', 'https://[::1]/a.png'],
    ['a name of an inner network', 'https://wiki.internal/a.png'],
    ['a name of an inner network with a dot behind', 'https://wiki.local./a.png'],
    ['a name without a dot', 'https://intranet/a.png'],
    ['an endless address', `https://images.test/${'a'.repeat(5000)}`],
    ['data that is no base64', 'data:image/png,AAAA'],
  ])('refuses %s (A20)', async (_, url) => {
    const { code, details, message } = await refusalOf(() => mediaSource(url, FIELD));

    expect([code, details.field]).toEqual(['invalid_request', FIELD]);
    expect(message).not.toContain('secret');
  });
});
