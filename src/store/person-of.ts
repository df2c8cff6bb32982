/** The person behind an actor in SQL: whoever made a token, null for a token that nobody made, else the actor itself. */
export function personOf(actor: string): string {
  return `(select case when t.id is null then a.actor else t.created_by end
           from (values (${actor})) as a (actor) left join api_token t on t.id = a.actor)`;
}
