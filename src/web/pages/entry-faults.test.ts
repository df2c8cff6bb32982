import { readFaults } from './entry-faults.ts';

it.each([
  ['title: this key is missing, add it with a text', [{ field: 'title', text: 'Title: is missing, fill it in' }]],
  [
    'preRelease.access[1].email: is no e-mail address or domain; embargo.from: is after until, swap or correct the two',
    [
      { field: 'access', text: 'Person 2 with pre-release access: is no e-mail address or domain' },
      { field: 'fromDay', text: 'The embargo’s beginning: is after the lift, swap or correct the two' },
    ],
  ],
  ['something else is wrong', [{ field: null, text: 'something else is wrong' }]],
  ['passwords[0]: is too long', [{ field: null, text: 'passwords[0]: is too long' }]],
])('puts %j beside its field', (message, faults) => {
  expect(readFaults(message, 'release')).toEqual(faults);
});
