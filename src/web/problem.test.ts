import { faultsOf, problemOf } from './problem.ts';

describe('a refusal as a problem', () => {
  it.each([
    [
      'embargo.from: does not exist; pick another time; subjects[0]: is no subject',
      [
        { pointer: '/embargo/from', detail: 'does not exist; pick another time' },
        { pointer: '/subjects/0', detail: 'is no subject' },
      ],
    ],
    ['title: is missing', [{ pointer: '/title', detail: 'is missing' }]],
    ['a reason of 1 to 2000 characters is needed', []],
  ])('points at the keys of %j', (message, errors) => {
    expect(faultsOf(message)).toEqual(errors);
  });

  it.each([
    ['forbidden', 'this needs the role reviewer', 403, 'This needs the role reviewer.'],
    ['not-found', 'there is no message x', 404, 'There is no message x.'],
    ['conflict', 'the message is released', 409, 'The message is released.'],
    ['invalid', 'title: is missing', 422, 'title: is missing'],
    ['not-ready', 'nothing can be judged now', 503, 'Nothing can be judged now.'],
  ] as const)('%s says so in a sentence', (kind, message, status, detail) => {
    expect(problemOf({ kind, message })).toMatchObject({ status, detail, type: `/docs/problems/${kind}` });
  });

  it('tells when to come again while nothing can be judged', () => {
    expect(problemOf({ kind: 'not-ready', message: 'wait' }).headers).toEqual({ 'Retry-After': '5' });
  });
});
