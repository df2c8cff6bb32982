import { openBytes, textByPath } from './open-bytes.ts';

describe('XML of any vocabulary', () => {
  it.each([
    ['values of their own a line each', '<r><a>1</a>\n<b>2</b><c>3</c></r>', '1\n2\n3'],
    [
      'a sentence with marked words in one line',
      '<p>The <b>rate</b> was <i>74</i> per cent</p>',
      'The rate was 74 per cent',
    ],
    [
      'a sentence that begins with a marked word',
      '<d><p><b>The rate</b> was 74</p><p>Next</p></d>',
      'The rate was 74\nNext',
    ],
    ['marked words beside each other', '<p>in <b>one</b> <i>two</i> three</p>', 'in one two three'],
    ['fields of a record apart', '<r><row><x>a</x><y>b</y></row><row><x>c</x></row></r>', 'a\nb\nc'],
    [
      'attributes before what stands in their element',
      '<r>a <b x="one" xmlns:y="https://a.example/y" xmlns:z="up again" z="two">c</b></r>',
      'one\nup again\ntwo\na c',
    ],
    ['words after a deep value', '<r><a><b><c>1</c></b></a><d>2</d></r>', '1\n2'],
  ])('is read with %s', async (_, xml, expected) => {
    const opened = await openBytes(`<?xml version="1.0"?>${xml}`);
    expect(textByPath(opened)['file']).toBe(expected);
  });
});
