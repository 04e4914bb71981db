/** The sample configuration as the README publishes it: it has to work as it stands. */
export const PUBLISHED_SAMPLE = {
  direction: 'one-way',
  source: 'entra-id',
  target: 'messagemedia',
  schedule: '0 6 * * *',
  mapping: { displayName: 'contact_name', mobilePhone: 'phone_number', mail: 'email', department: 'group' },
  filters: { department: ['Sales', 'Support'], accountEnabled: true },
} as const;
