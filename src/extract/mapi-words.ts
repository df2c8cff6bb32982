const named = (lines: string): ReadonlyMap<number, string> =>
  new Map(
    lines
      .trim()
      .split('\n')
      .map((line) => {
        const words = line.trim();
        return [Number.parseInt(words.slice(0, 4), 16), words.slice(5)] as const;
      }),
  );

/** What numbered properties are called in words. [MS-OXPROPS] section 2. */
const PROPERTY_WORDS = named(`
  001a message class
  0026 priority
  0039 sent
  003d subject prefix
  0040 received by
  0042 sent on behalf of
  0044 received on behalf of
  0049 original subject
  004d original author
  004e original sent
  0050 reply to
  0055 original delivery
  005a original sender
  005b original sender address
  005e original sent on behalf of
  0060 start
  0061 end
  0064 sent on behalf of address type
  0065 sent on behalf of address
  0070 conversation topic
  0073 original to
  0074 original cc
  0072 original bcc
  0075 received by address type
  0076 received by address
  0077 received on behalf of address type
  0078 received on behalf of address
  0c1a sender
  0c1e sender address type
  0c1f sender address
  0e02 shown bcc
  0e03 shown cc
  0e04 shown to
  0e06 delivered
  0e1d normalised subject
  0e28 primary account
  0e29 next account
  1001 report text
  1035 message id
  1039 references
  1042 in reply to
  1043 list help
  1044 list subscribe
  1045 list unsubscribe
  1046 original message id
  1082 last action
  10f3 file name
  3001 name
  3002 address type
  3003 address
  3004 comment
  3007 created
  3008 modified
  3703 extension
  3704 short file name
  3707 file name
  3708 path
  370d long path
  370e media type
  3711 content base
  3712 content id
  3713 content location
  39fe mail address
  3a00 account
  3a02 callback telephone
  3a05 generation
  3a06 given name
  3a07 government id
  3a08 business telephone
  3a09 home telephone
  3a0a initials
  3a0b keyword
  3a0c language
  3a0d location
  3a10 organisational id
  3a11 surname
  3a13 original name
  3a15 postal address
  3a16 company
  3a17 title
  3a18 department
  3a19 office
  3a1a primary telephone
  3a1b business telephone 2
  3a1c mobile telephone
  3a1d radio telephone
  3a1e car telephone
  3a1f other telephone
  3a20 transmitted name
  3a21 pager
  3a23 primary fax
  3a24 business fax
  3a25 home fax
  3a26 country
  3a27 town
  3a28 county or state
  3a29 street
  3a2a postcode
  3a2b post box
  3a2c telex
  3a2d isdn
  3a2e assistant telephone
  3a2f home telephone 2
  3a30 assistant
  3a41 wedding anniversary
  3a42 birthday
  3a43 hobbies
  3a44 middle name
  3a45 name prefix
  3a46 profession
  3a47 preferred by name
  3a48 spouse
  3a49 computer network
  3a4a customer id
  3a4b text telephone
  3a4c ftp site
  3a4e manager
  3a4f nickname
  3a50 personal page
  3a51 business page
  3a57 company telephone
  3a58 children
  3a59 home town
  3a5a home country
  3a5b home postcode
  3a5c home county or state
  3a5d home street
  3a5e home post box
  3a5f other town
  3a60 other country
  3a61 other postcode
  3a62 other county or state
  3a63 other street
  3a64 other post box
  3fd9 preview
  3ff8 creator
  3ffa last modifier
  5d01 sender mail address
  5d02 sent on behalf of mail address
  8005 filed under
  8016 department
  801a home address
  801b work address
  801c other address
  802b web page
  802c given name as spoken
  802d surname as spoken
  802e company as spoken
  8045 work street
  8046 work town
  8047 work county or state
  8048 work postcode
  8049 work country
  804a work post box
  804f user field 1
  8050 user field 2
  8051 user field 3
  8052 user field 4
  8062 instant messaging
  8080 mail 1 name
  8082 mail 1 type
  8083 mail 1 address
  8084 mail 1 original name
  8090 mail 2 name
  8092 mail 2 type
  8093 mail 2 address
  8094 mail 2 original name
  80a0 mail 3 name
  80a2 mail 3 type
  80a3 mail 3 address
  80a4 mail 3 original name
  80b2 fax 1 type
  80b3 fax 1 address
  80b4 fax 1 original name
  80c2 fax 2 type
  80c3 fax 2 address
  80c4 fax 2 original name
  80d2 fax 3 type
  80d3 fax 3 address
  80d4 fax 3 original name
  80d8 free busy location
  8104 task start
  8105 task due
  810f task completed
  811f task owner
  8121 task assigner
  8122 task last user
  8127 task role
  8208 location
  820d start
  820e end
  8228 recurrence start
  8232 recurrence pattern
  8234 time zone
  8235 clip start
  8236 clip end
  8238 all attendees
  823b attendees
  823c optional attendees
  8247 conference server
  8248 conference document
  8502 reminder
  8516 common start
  8517 common end
  8520 voting options
  8524 vote
  8530 flag request
  8534 mileage
  8535 billing
  8538 contact search
  8539 companies
  853a contacts
  8554 client version
  8560 reminder signal
  8580 internet account
  85a4 to-do title
  85bf flag set
  8700 log type
  8706 log start
  8708 log end
  8712 log type words
`);

/** The name of a property: of a named one its own, of a numbered one what it means, else its number. */
export function propertyWords(id: number, name: string | null): string {
  return name ?? (id < 0x8000 ? PROPERTY_WORDS.get(id) : undefined) ?? `0x${id.toString(16).padStart(4, '0')}`;
}

/** The name of a property that its set numbers (its LID); the sets that matter here do not overlap. */
export function lidWords(lid: number): string {
  return PROPERTY_WORDS.get(lid) ?? `0x${lid.toString(16).padStart(4, '0')}`;
}
