/** Words of grammar, which never head a noun phrase of their own. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those some any all both each every no another other such same own
  i we you he she it they me us him her them who whom whose which what my our your his its their
  of in on at by for from to with without within into onto over under above below between among amongst across through during before after since until till
  about around against towards toward upon off out than as per via like near despite including excluding except versus vs
  and or but nor so yet while whilst whereas although though because if when where whether unless once
  is are was were be been being am 's 're 've 'll 'd 'm isn't aren't wasn't weren't has have had having hasn't haven't hadn't do does did doesn't don't didn't
  will would shall should can could may might must won't wouldn't cannot can't couldn't ought
  not never also too only just still already now then again even very quite rather really more most less least much many few fewer several
  there here how why well almost nearly roughly approximately some about yesterday today tomorrow tonight currently recently later earlier
  up down higher lower back away ahead together alone apart further ever soon maybe perhaps however meanwhile overall indeed
  please yes ok okay hi hello dear thanks eto mae wedi yn y yr i o a'r am ar gan`.split(/\s+/),
);

/** Nouns that name a statistic or its publication; after an everyday word they make it mean the statistic. */
export const STATISTICAL_NOUNS: ReadonlySet<string> = new Set(
  `figure figures number numbers stat stats statistic statistics data rate rates level levels total totals count counts estimate estimates
  release releases bulletin bulletins publication publications print reading index indices series measure measures indicator indicators
  result results percentage proportion share volume volumes value values average median growth headline headlines total balance caseload
  story stories news message narrative surplus deficit tables front situation outlook picture trend trends line curve performance tally scene totals statistic
  ffigurau ystadegau cyfradd nifer lefel`.split(/\s+/),
);

/** Words of time and place, and adjectives of series, that may stand between a subject and what is said of it. */
export const CIRCUMSTANCE_WORDS: ReadonlySet<string> = new Set(
  `year years quarter quarters month months week weeks day days decade period annual annually monthly quarterly weekly yearly morning afternoon
  january february march april may june july august september october november december monday tuesday wednesday thursday friday
  spring summer autumn winter christmas q1 q2 q3 q4 first second third fourth fifth final last latest next previous past current new
  uk britain british england english wales welsh scotland scottish northern ireland irish london great united kingdom national nationally nationwide
  region regions regional country countries north south east west midlands yorkshire humber people men women adults adult young youth female male
  aged age ages old older over seasonally adjusted unadjusted headline core underlying overall total provisional preliminary real nominal
  net gross official main key half public private sector end beginning start cent percent million billion thousand points point pp`.split(
    /\s+/,
  ),
);

/** Verbs that say how a statistic stands without saying what of it. */
export const NEUTRAL_VERBS: ReadonlySet<string> = new Set(
  `stood stands stand standing remain remains remained continue continues continued hit hits hitting reach reaches reached look looks looked looking
  seem seems seemed keep keeps kept appear appears appeared show shows showed shown saw see sees seen come comes came coming go goes going went gone
  get gets got getting expect expected set likely looks fared fare turn turned turns end ended move moved moves moving begin began start started starting
  confirm confirms confirmed reveal reveals revealed suggest suggests suggested indicate indicates indicated make makes give gives gave given bring brings brought
  deliver delivers delivered post posts posted register registers registered notch notches notched put puts mean means meant leave leaves left
  raise raises raised fuel fuels fueled dent dents dented prompt prompts prompted pile piles piled defy defies defied highlight highlights
  bounce win wins won enter enters entered face faces faced find finds found record records took take takes taken lead leads led become becomes became
  highlighted underline underlines point points pointed help helps helped prove proves proved feel feels felt need needs needed
  averaged totalled numbered amounted accounted made said says according compared published released due issued`.split(
    /\s+/,
  ),
);

/** Possessives of one person: "her pay" is a matter of personnel, never of a statistic. */
export const PERSONAL: ReadonlySet<string> = new Set(['my', 'your', 'his', 'her']);

/** Subjects of a clause that are a person: a cue after one of them is about the person. */
export const PERSONS: ReadonlySet<string> = new Set([
  'i',
  'we',
  'you',
  'he',
  'she',
  "i'm",
  "i've",
  "we're",
  "we've",
  "you're",
  "i'll",
  "we'll",
  "you'll",
  "he's",
  "she's",
  'me',
  'us',
]);

export const PREPOSITIONS: ReadonlySet<string> = new Set(
  'of in on for to among amongst at from across within into about with regarding over around re as o mewn am ar'.split(
    ' ',
  ),
);

export const CONJUNCTIONS: ReadonlySet<string> = new Set(
  'and but while whilst whereas although though because so yet or when as'.split(' '),
);

export const DETERMINERS: ReadonlySet<string> = new Set(
  'a an the this that these those our their its my your his her some any each every no'.split(' '),
);

/** Words that open a sentence which asks. */
export const ASKING: ReadonlySet<string> = new Set(
  'did do does has have had is are was were will would can could should shall may might what how when where which who why whether any'.split(
    ' ',
  ),
);

/** Nouns of making and publishing statistics: "the layout of the inflation bulletin is the same" says nothing of inflation. */
export const DOCUMENT_NOUNS: ReadonlySet<string> = new Set(
  `date dates time times timetable timing timings layout format title titles list lists copy copies version versions draft drafts proof proofs link links page pages
  website site email emails mail mails mailbox inbox team teams lead leads author authors contact contacts meeting meetings seminar training session sessions workshop
  course briefing briefings call slot slots deadline rules guidance note notes spreadsheet spreadsheets file files folder attachment attachments document documents paper upload uploads processing run run_through rehearsal
  template templates chart charts map maps methodology methods review questions queries enquiries work dashboard tool app system server release publication release_date
  webinar presentation slides slide talk event press_notice notice clearance desk rota cover lines line responsible responsibility expert statistician analyst enquiry
  interest interview request requests consultation user users feedback article blog post poster question query request demand audience subscribers downloads
  tribunal tribunals law office offices officer officers minister ministers lecture group groups panel committee board unit branch division colleague colleagues adviser advisers
  analysts economist economists expert experts strategy policy policies bill act debate room fees guide handbook piece infographic pack packs quiz conference intranet bulletin's
  directorate department support service services lawyer lawyers contract contracts agency agencies mailing subscription alert alerts calendar calendars diary invitation invite
  podcast video schedule schedules archive library repository pipeline code script scripts feed api widget banner logo branding survey surveys sample samples interviewer interviewers
  database databases extract extracts lookup glossary model models modelling training trainer classification standards standard act glossary definitions strand workstream programme project projects
  chapter chapters redesign rewrite relaunch refresh rebrand overhaul changeover cutover system systems platform tools forms ticket tickets sheets`.split(
    /\s+/,
  ),
);

/** Words that place a sentence in a nation's statistics rather than in a firm, a shop or an office. */
export const NATIONAL_WORDS: ReadonlySet<string> = new Set(
  `uk britain british britain's england wales scotland scottish welsh northern ons nationwide nationally national nation households families
  government minister ministers chancellor treasury quarter quarterly annual annually monthly yoy mom figures statistics stats bulletin
  quarter-on-quarter year-on-year unemployment inflation gdp`.split(/\s+/),
);

/** Words of this country and of its statistics; beside one of them no text is foreign. */
export const DOMESTIC_WORDS: ReadonlySet<string> = new Set(
  `uk uk's britain british britain's briton britons brits england wales welsh scotland scottish ireland irish london whitehall westminster
  ons nhs dwp hmrc dcms defra hmt obr chancellor minister ministers treasury's embargo embargoed pre-release gss £ bulletin
  statistician statisticians ministerial jobcentre csew cpih rpi`.split(/\s+/),
);

/** Words of another country's economy, or of companies and their shares. */
export const FOREIGN_WORDS: ReadonlySet<string> = new Set(
  `$ america american americans america's washington congress senate senators republican republicans democrats federal bush clinton gore reagan
  nasdaq nyse dollar dollars cents euros eurozone germany german france french japan japanese china chinese india indian canada canadian australia australian
  russia russian brazil mexico mexican argentina greece italy italian spain spanish sweden california texas manhattan iraq israel pakistan korea
  inc corp nytimes shareholders stockholders shares stocks stock investors investor ceo cfo nyt ebitda ipo startup startups`.split(
    /\s+/,
  ),
);
