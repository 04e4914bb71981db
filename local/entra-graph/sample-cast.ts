/** An invented person of the sample directory; what is left out is filled in by sampleDirectory. */
export interface CastMember {
  readonly givenName?: string;
  readonly surname?: string;
  readonly displayName?: string;
  readonly mobilePhone?: string;
  readonly landline?: string;
  readonly country?: 'AU' | 'GB' | 'US';
  readonly companyName?: string;
  readonly jobTitle?: string;
  readonly guest?: boolean;
  readonly disabled?: boolean;
  readonly withoutMail?: boolean;
  /** The department's name written another way: in lower case, with a blank behind it. */
  readonly carelessDepartment?: boolean;
  readonly withoutDepartment?: boolean;
}

/**
 * The first people of every sample directory: one for each oddity that a real directory has. All numbers are from
 * the ranges that regulators keep free for fiction.
 */
export const SAMPLE_CAST: readonly CastMember[] = [
  { givenName: 'Marlowe', surname: 'Tindall', mobilePhone: '0491 570 156', jobTitle: 'Team lead' },
  { givenName: 'Zsófia', surname: 'Örkényi-Vass', mobilePhone: '+61491570157' },
  { givenName: 'Ioanna', surname: 'Karpathaki', displayName: 'Ιωάννα Καρπαθάκη', mobilePhone: '+61 491 570 158' },
  { givenName: '晓雯', surname: '闻人', displayName: '闻人 晓雯', mobilePhone: '0491-570-159' },
  { displayName: 'Wulansih', mobilePhone: '(+61) 491 570 006' },
  { givenName: 'Siobhán', surname: "O'Dwyerly", mobilePhone: '202-555-0112', country: 'US' },
  { givenName: 'Ravindra', surname: 'Pelekanathan', mobilePhone: '+1 (202) 555-0127', country: 'US' },
  { givenName: 'Дарина', surname: 'Холоденко', mobilePhone: '011 1 202 555 0131', country: 'US' },
  { givenName: 'Delphine', surname: 'Okonjo-Reyes', mobilePhone: '(202) 555-0142', country: 'US' },
  { givenName: 'أمل', surname: 'الراوندي', mobilePhone: '+1 202-555-0163', country: 'US' },
  { givenName: 'Bartholomew', surname: 'van der Quillen', mobilePhone: '1-202-555-0149', country: 'US' },
  {
    givenName: 'Guest',
    surname: 'Visitorova',
    mobilePhone: '+1 202 555 0154',
    country: 'US',
    guest: true,
    companyName: 'Fabrikam',
  },
  { givenName: 'Imogen', surname: 'Haldenstock', mobilePhone: '+1 202 555 0158', country: 'US', disabled: true },
  { givenName: 'Torvald', surname: 'Nesbekken' },
  { givenName: 'Pru', surname: 'Ashgrove-Lindt', landline: '(02) 5550 1234' },
  { givenName: 'Kwabena', surname: 'Attafuakye', mobilePhone: 'ask reception' },
  { givenName: 'Lotte', surname: 'Twinning', mobilePhone: '+1 202 555 0171', country: 'US' },
  { givenName: 'Lars', surname: 'Twinning', mobilePhone: '(202) 555-0171', country: 'US' },
  {
    givenName: 'Nguyệt Minh',
    surname: 'Trầnova',
    mobilePhone: '+1 202 555 0182',
    country: 'US',
    carelessDepartment: true,
  },
  {
    givenName: 'Ezekiel',
    surname: 'Brandywater',
    mobilePhone: '+1 202 555 0186',
    country: 'US',
    withoutDepartment: true,
  },
  // Looks right, but no operator has been given such a block: not a valid number.
  { givenName: 'Percival', surname: 'Nettlefoldshire', mobilePhone: '+44 7700 900123', country: 'GB' },
  {
    givenName: 'Oriane',
    surname: 'de la Fontenelle',
    mobilePhone: '+1 202 555 0193',
    country: 'US',
    withoutMail: true,
  },
];

/** For everybody else: any given name goes with any surname. All are invented pairs. */
export const GIVEN_NAMES: readonly string[] = words(`
  Adaeze Alasdair Anneliese Benedikt Calliope Chidi Cosima Dilnoza Eamon Esperanza Fionnuala Gautam Hinemoa
  Ignatius Jarrah Jörg Kalinda Lachlan Łucja Mei-Ling Møllie Ngaire Octavian Padmini Quentin Renée Søren Tadhg
  Umberto Violetta Wiremu Xanthe Yusra Zdeněk Βασίλης Ольга 美咲 지우`);

export const SURNAMES: readonly string[] = words(`
  Abernethwaite Blomkvistad Castellanova Dunmoreland Eckersdorf Fairweatherby Gildenstern Haukelid-Moe Ivanchukov
  Jandakotly Kirribilly Lindqvister M'Bekele Noorlander Ogunbanjoko Pemberwick Quartermaine Rautavaarala
  Szczepaniakowa Thistlewood Ueda-Brown Vanterpooley Wickramathilaka Xenopoulou Yarrawonga Zielonkowski Ñandutíez
  Åkesdotter Παππόπουλος 東雲`);

export const JOB_TITLES: readonly string[] = words(`
  Coordinator Analyst Specialist Adviser Technician Planner Manager`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
