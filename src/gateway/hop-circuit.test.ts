import { HopCircuit } from './hop-circuit.ts';

function aCircuit(random = 0.5) {
  let now = 0;
  const circuit = new HopCircuit(
    () => now,
    () => random,
  );
  const fail = (times = 1) => {
    for (let count = 0; count < times; count++) circuit.failed(circuit.begin());
  };
  return {
    circuit,
    fail,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

test('opens after three failures in a row, and not after two with a success between', () => {
  const { circuit, fail } = aCircuit();
  fail(2);
  circuit.succeeded();
  fail(2);
  expect(circuit.mayTry).toBe(true);
  fail();
  expect(circuit.mayTry).toBe(false);
});

test('lets one attempt through at a time once its pause is over, and closes when that succeeds', () => {
  const { circuit, fail, pass } = aCircuit();
  fail(3);
  pass(749);
  expect(circuit.mayTry).toBe(false);
  pass(1);
  expect(circuit.mayTry).toBe(true);
  expect(circuit.begin()).toBe('probe');
  expect(circuit.mayTry).toBe(false);
  expect(circuit.succeeded()).toBe(true);
  expect(circuit.mayTry).toBe(true);
});

test('pauses double to 15 s, and are never under half of that', () => {
  const { circuit, fail, pass } = aCircuit(0);
  fail(3);
  const pauses: number[] = [];
  for (let round = 0; round < 8; round++) {
    let waited = 0;
    while (!circuit.mayTry) {
      pass(100);
      waited += 100;
    }
    pauses.push(waited);
    fail();
  }
  expect(pauses).toEqual([500, 1000, 2000, 4000, 7500, 7500, 7500, 7500]);
});

test('attempts that were under way when it opened make no pause longer', () => {
  const { circuit, fail, pass } = aCircuit();
  const late = [circuit.begin(), circuit.begin(), circuit.begin()];
  fail(3);
  for (const kind of late) circuit.failed(kind);
  pass(750);
  expect(circuit.mayTry).toBe(true);
});
