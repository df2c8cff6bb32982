import { organisationOf, outsideOf } from './organisation.ts';

describe('the organisation of an address', () => {
  it.each([
    ['a@department.gov.uk', 'department.gov.uk'],
    ['Anne <a@stats.department.gov.uk>', 'department.gov.uk'],
    ['a@statistics.example', 'statistics.example'],
    ['a@mail.statistics.example', 'statistics.example'],
    ['a@trust.nhs.uk', 'trust.nhs.uk'],
  ])('%s is of %s', (address, organisation) => {
    expect(organisationOf(address)).toBe(organisation);
  });

  it('counts two departments as strangers, and everybody where the sender is not known', () => {
    const others = ['a@one.gov.uk', 'b@two.gov.uk'];
    expect(outsideOf('x@one.gov.uk', others)).toEqual(['b@two.gov.uk']);
    expect(outsideOf(null, others)).toEqual(others);
  });
});
