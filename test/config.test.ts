import { readConfig } from '../src/config.ts';

describe('readConfig', () => {
  it('has the defaults of the contract', () => {
    const reading = readConfig({ HOLDFAST_DATA: '/var/lib/holdfast' });
    expect(reading).toMatchObject({
      ok: true,
      warnings: [],
      value: {
        data: '/var/lib/holdfast',
        databaseUrl: null,
        redisUrl: null,
        http: { host: '127.0.0.1', port: 8080 },
        smtp: { host: '127.0.0.1', port: 2525 },
        nextHop: null,
        keyFile: '/var/lib/holdfast/keys.json',
        smtpClients: '127.0.0.0/8,::1/128',
        fixedNow: null,
      },
    });
  });

  it.each([
    ['HOLDFAST_SMTP', 'off', { smtp: null }],
    ['HOLDFAST_HTTP', '[::1]:9000', { http: { host: '::1', port: 9000 } }],
    ['HOLDFAST_NEXT_HOP', 'mail.example:25', { nextHop: { host: 'mail.example', port: 25 } }],
    [
      'HOLDFAST_NEXT_HOP',
      'mail.example:25, [::1]:10026,127.0.0.1:26',
      {
        mail: {
          nextHops: [
            { host: 'mail.example', port: 25, tls: 'may' },
            { host: '::1', port: 10026, tls: 'off' },
            { host: '127.0.0.1', port: 26, tls: 'off' },
          ],
        },
      },
    ],
    [
      'HOLDFAST_SMTP_CLIENT_LIMITS',
      'messages=300,connections=0',
      { mail: { clientLimits: { connections: 0, messagesPerMinute: 300, recipientsPerMinute: 0 } } },
    ],
    ['HOLDFAST_DELAY_NOTICE_HOURS', '0', { mail: { delayNoticeMs: null, expiryMs: 432_000_000 } }],
    ['HOLDFAST_DISK_RESERVE_MB', '1', { mail: { diskReserve: 1_048_576 } }],
    ['HOLDFAST_SMTP_PROXIES', '10.0.0.5,192.0.2.0/28', { mail: { proxies: '10.0.0.5,192.0.2.0/28' } }],
    ['HOLDFAST_NAME', 'holdfast.department.example', { mail: { name: 'holdfast.department.example' } }],
    ['HOLDFAST_NOW', '2016-01-20T09:22:00Z', { fixedNow: Date.UTC(2016, 0, 20, 9, 22) }],
    ['HOLDFAST_KEY_FILE', '/etc/holdfast/keys.json', { keyFile: '/etc/holdfast/keys.json' }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(readConfig({ [name]: value })).toMatchObject({ ok: true, value: expected });
  });

  it.each([
    ['DATABASE_URL', 'mysql://db/holdfast'],
    ['REDIS_URL', 'localhost:6379'],
    ['HOLDFAST_HTTP', '9999'],
    ['HOLDFAST_HTTP', '127.0.0.1:80800'],
    ['HOLDFAST_SMTP', 'no'],
    ['HOLDFAST_NEXT_HOP', 'mail.example:0'],
    ['HOLDFAST_NEXT_HOP', 'mail.example:25,'],
    ['HOLDFAST_NEXT_HOP', 'mail.example:25 other.example:25'],
    ['HOLDFAST_NEXT_HOP_AUTH', '/etc/holdfast/next-hop'],
    ['HOLDFAST_SMTP_CLIENTS', '10.0.0.0/33'],
    ['HOLDFAST_SMTP_PROXIES', 'proxy.example'],
    ['HOLDFAST_SMTP_USERS', '/etc/holdfast/users'],
    ['HOLDFAST_SMTP_CLIENT_NAMES', 'not a name'],
    ['HOLDFAST_SMTP_CLIENT_CA', '/etc/holdfast/ca.pem'],
    ['HOLDFAST_SMTP_TLS', 'require'],
    ['HOLDFAST_SMTP_TLS', 'sometimes'],
    ['HOLDFAST_SMTP_CLIENT_LIMITS', 'messages=many'],
    ['HOLDFAST_DISK_RESERVE_MB', '-1'],
    ['HOLDFAST_DELAY_NOTICE_HOURS', '1.5'],
    ['HOLDFAST_RETURN_HOURS', '0'],
    ['HOLDFAST_NAME', 'my gateway'],
    ['HOLDFAST_NOW', '2017-02-21T09:23:00'],
    ['HOLDFAST_ADMIN_PASSWORD', 'pa55wd'],
    ['HOLDFAST_API_TOKEN', 'with a space'],
    ['HOLDFAST_WORKERS', '0'],
    ['HOLDFAST_LOG', 'loud'],
    ['HOLDFAST_KEEP_HELD_DAYS', '0'],
    ['HOLDFAST_KEEP_CONTENT_DAYS', 'ever'],
    ['HOLDFAST_LIMITS', 'time=forever'],
    ['HOLDFAST_LIMITS', 'expandedBytes=0'],
    ['HOLDFAST_DATA', ''],
  ])('refuses %s=%s in one line that names it and does not repeat the value', (name, value) => {
    const reading = readConfig({ [name]: value });
    if (reading.ok) throw new Error('expected a refusal');
    expect(reading.lines).toHaveLength(1);
    expect(reading.lines[0]).toMatch(new RegExp(`^${name}(?:, \\w+)*: .+`));
    if (value.length > 3) expect(reading.lines[0]).not.toContain(value);
  });

  it('warns of a misspelt setting', () => {
    expect(readConfig({ HOLDFAST_NEXTHOP: 'a:25' })).toMatchObject({
      ok: true,
      warnings: [expect.stringMatching(/^HOLDFAST_NEXTHOP: no such setting/)],
    });
  });
});
