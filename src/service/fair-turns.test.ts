import { createFairTurns } from './fair-turns.ts';

const MB = 2 ** 20;

describe('fair turns', () => {
  let clock = 0;
  beforeEach(() => {
    clock = 0;
  });
  const turns = () => createFairTurns(() => clock);

  it('lets one who sends little go at once, while another has sent thousands', () => {
    const fair = turns();
    const blast = Array.from({ length: 5000 }, () => fair.next('list@department.example', 1, 5_000));
    expect(blast[0]).toBe(0);
    expect(blast.at(-1)).toBeGreaterThan(100_000);
    expect(fair.next('office@department.example', 1, 5_000)).toBe(0);
  });

  it('takes one address for one sender, however it is written', () => {
    const fair = turns();
    fair.next('Office@Department.Example', 1, 0);
    expect(fair.next('office@department.example', 1, 0)).toBeGreaterThan(0);
  });

  it.each([
    ['many recipients', 296, 1_000],
    ['a large attachment', 1, 40 * MB],
  ])('lets %s weigh', (_name, recipients, bytes) => {
    const fair = turns();
    fair.next('a@department.example', recipients, bytes);
    fair.next('b@department.example', 1, 1_000);
    expect(fair.next('a@department.example', 1, 0)).toBeGreaterThan(10 * fair.next('b@department.example', 1, 0));
  });

  it('forgets what was sent once its time has passed', () => {
    const fair = turns();
    for (let count = 0; count < 40; count += 1) fair.next('a@department.example', 1, 0);
    clock = 1_000;
    expect(fair.next('a@department.example', 1, 0)).toBe(0);
  });

  it('puts nothing off for more than an hour, and remembers a bounded number of senders', () => {
    const fair = turns();
    for (let count = 0; count < 200_000; count += 1) fair.next('a@department.example', 1, 0);
    expect(fair.next('a@department.example', 1, 0)).toBe(3_600_000);
    for (let count = 0; count < 50_000; count += 1) fair.next(`b${count}@department.example`, 1, 0);
    expect(fair.next('b49999@department.example', 1, 0)).toBeGreaterThan(0);
  });
});
