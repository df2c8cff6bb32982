import { z } from 'zod';
import type { IncidentView } from '../../service/incident-desk.ts';
import { REPORT_FIELDS, type ReportFields } from '../../service/incident-record.ts';
import type { Service } from '../../service/service.ts';
import { breachReport, REPORT_SECTIONS, timelineOf } from '../report/breach-report.ts';
import { paragraphsOf } from '../report/report-document.ts';
import { writeDocx } from '../report/write-docx.ts';
import { writePdf } from '../report/write-pdf.ts';
import { type PageCall, type PageReply, type PageRoute, page, pageOf } from './page-route.ts';
import { showInstant } from './show-time.ts';
import type { RenderTemplate } from './templates-environment.ts';

const MOST_TEXT = 20_000;

const FORMATS = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
  html: 'text/html; charset=utf-8',
} as const;

const Fields = z.object(
  Object.fromEntries(REPORT_FIELDS.map((name) => [name, z.string().max(MOST_TEXT).default('')])),
) as unknown as z.ZodType<ReportFields>;

const Confirmation = z.object({
  recipient: z.string().min(1).max(400),
  note: z.string().trim().max(500).default(''),
});

/** Breach reports: begun from a message that left or from nothing, filled from the record, taken out as files. */
export function incidentPages(service: Service, render: RenderTemplate): readonly PageRoute[] {
  const seers = ['reviewer', 'auditor', 'admin'] as const;
  const to = (id: string, done: string): PageReply => ({
    kind: 'redirect',
    to: `/incidents/${encodeURIComponent(id)}?done=${done}`,
  });
  return [
    {
      method: 'get',
      path: '/incidents',
      roles: seers,
      handle: async ({ caller }) =>
        pageOf(await service.incidents(caller), (incidents) =>
          page('incidents.njk', { incidents, mayWrite: caller.roles.includes('reviewer') }),
        ),
    },
    {
      method: 'get',
      path: '/incidents/new',
      roles: ['reviewer'],
      handle: async ({ query }) => page('new-incident.njk', { message: (query.get('message') ?? '').slice(0, 100) }),
    },
    {
      method: 'post',
      path: '/incidents',
      roles: ['reviewer'],
      handle: async ({ form, caller }) => {
        const message = form.get('message')?.trim().slice(0, 100) || null;
        return pageOf(await service.openIncident(message, caller), ({ id }) => to(id, 'opened'));
      },
    },
    { method: 'get', path: '/incidents/:id', roles: seers, handle: (call) => showIncident(service, call) },
    {
      method: 'post',
      path: '/incidents/:id',
      roles: ['reviewer'],
      handle: async (call) => {
        const { id, form, caller } = call;
        const fields = Fields.safeParse(Object.fromEntries(form));
        if (!fields.success) return showIncident(service, call, TOO_LONG);
        return pageOf(await service.saveIncident(id, fields.data, caller), () => to(id, 'saved'));
      },
    },
    {
      method: 'post',
      path: '/incidents/:id/confirmations',
      roles: ['reviewer'],
      handle: async ({ id, form, caller }) => {
        const given = Confirmation.safeParse(Object.fromEntries(form));
        if (!given.success) return to(id, 'none');
        return pageOf(await service.confirmIncident({ id, ...given.data }, caller), () => to(id, 'confirmed'));
      },
    },
    { method: 'post', path: '/incidents/:id/report', roles: seers, handle: (call) => report(service, render, call) },
  ];
}

const TOO_LONG = `A field is longer than ${MOST_TEXT.toLocaleString('en-GB')} characters. Shorten it; nothing was saved.`;

async function showIncident(service: Service, { id, caller, query }: PageCall, fault?: string): Promise<PageReply> {
  return pageOf(await service.incident(id, caller), (incident) =>
    page(
      'incident.njk',
      {
        incident,
        sections: REPORT_SECTIONS,
        timeline: timelineOf(incident),
        reached: incident.recipients.filter(({ state }) => state === 'delivered').length,
        confirmed: incident.recipients.filter(({ confirmed }) => confirmed !== null).length,
        mayWrite: caller.roles.includes('reviewer'),
        done: query.get('done'),
        fault,
      },
      fault === undefined ? 200 : 422,
    ),
  );
}

/** By POST, since taking a report out is an act that is written down. */
async function report(service: Service, render: RenderTemplate, { id, form, caller }: PageCall): Promise<PageReply> {
  const format = z.enum(['docx', 'pdf', 'html']).catch('html').parse(form.get('as'));
  const outcome = await service.incident(id, caller);
  if (!outcome.ok) return pageOf(outcome, () => ({ kind: 'redirect', to: '/incidents' }));
  const noted = await service.noteExport(id, format, caller);
  return pageOf(noted, () => ({
    kind: 'file',
    name: `breach-report-${id.replaceAll(/[^a-z0-9-]/gi, '')}.${format}`,
    type: FORMATS[format],
    text: write(outcome.value, format, render),
  }));
}

function write(incident: IncidentView, format: keyof typeof FORMATS, render: RenderTemplate): string | Uint8Array {
  const document = breachReport(incident, showInstant);
  if (format === 'docx') return writeDocx(document);
  if (format === 'pdf') return writePdf(document);
  const blocks = document.blocks.map((block) =>
    block.kind === 'field' ? { ...block, paragraphs: paragraphsOf(block.text) } : block,
  );
  return render('breach-report.njk', { title: document.title, blocks });
}
