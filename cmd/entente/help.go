package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

const overview = `Entente keeps one joint plan between parties that each run their own server.

  Begin      demo  init  serve
  Link       invite  join  accept  sync  bundle
  Work       plan  statement  propose  answer  remark  group  person  token
  Settle     round  board  silence  package  certify  holidays
  Follow     monitor  verdict  observe  observations  dispute  programme
  Keep       margin
  Prove      verify  evidence  log  show
  Move       import  export  backup  restore  recover
  About      help  version

entente help COMMAND explains one.  entente help words explains our terms, entente help rules the rules of obligations.
`

const words = `Our words, each in one sense:

  party          a sovereign organisation with its own server and keys
  group          a closed circle of parties with a charter that does not change
  plenary        the group of all parties, number 0; working groups report to it
  delegation     who sits in a group for a party, and what each may do: full powers
  element        a thing the plan is made of: goal, way, action, means, clause, statement, passage, document, agreement …
  reference      an element's permanent name in its group: A-1.1.2
  revision       one exact content of an element, in all its languages: rev 4 · 7f3a c21e
  position       the revision that a party holds
  propose        table a revision; counter: table one's own against another's
  accept         take another party's revision as one's own position, word for word
  withdraw       leave one's position, with the reason
  confirm        written by a server when it has seen everybody hold the same revision
  adopted        confirmed by every party: agreed, and never un-agreed
  in brackets    open: some party holds a text that is not in force
  reserve        accept that others agree, and keep a reservation attached to the text
  remark         one party's word about an element; it binds nobody
  log            what one party has said in one group: entries in order, none ever changed
  checkpoint     a party's signature over its log so far; cosigned by those who hold the same
  in step        two servers hold the same entries
  bundle         one file that carries an exchange where there is no network
  number         six groups of five digits that stand for a party's keys or a document; read it aloud
  card           a party's public keys, name and address
  proof          an .entente file: everything a stranger needs to check what was agreed
  evidence       a party's own signatures under two histories that cannot both be true
  round          talks with days and an agenda, opened once and closed once: R-1
  moment         where the logs are cut to see the text as it stood: R-1.opened, 2017-12-12T10:00, US:12
  margin         what a party's own delegation notes beside the plan; it never leaves its server
  agreement      an instrument whose keeping is watched, with its obligations, conversions and procedure: T-1
  obligation     what somebody owes under an agreement, with a rule about a measured quantity: O-8
  observation    one value or bound of a quantity, of a day, with source and grade: one party's word
  grade          of the Admiralty code: the source A to F, the information 1 to 6, judged apart: B2
  verdict        within, near, exceeded, cannot tell, disputed, not yet due, expired; computed from observations
  assessment     a verdict or an estimate that a group agrees jointly; who dissents reserves: V-1
  dispute        a procedure about an obligation, with stages that last so many days
  programme      something outside of agreements that is followed: milestones, sightings, hypotheses: F-1
  epoch          what a log begins anew after its server was restored from a backup
`

const rules = `How an obligation says when it is kept. A plain form writes the rule; what is agreed is the rule itself, in
CEL (the Common Expression Language), and its words are always read from that.

  --at-most 130 --near 123.5      stock.latest() <= 130.0, near from stock.latest() >= 123.5
  --at-least 15, --below, --above the same for the other limits
  --between 3,5  --exactly 4      the latest reading lies between the two, or is this
  --none                          nothing of it is observed: the latest reading is 0
  --score 2                       a commitment scored 0 not begun, 1 minimal, 2 intermediate, 3 complete
  --by 2018-03-01                 it is done, event.by(1.0, date("2018-03-01")); --near-days 30 for near
  --target 90 --by 2019-01-01     an indicator has come up to it; --target-down where it comes down
  --followed-by answer --days 7   told.each_followed(answer, 7): each event is followed by another in time
  --sum-at-most 40 --days 365     what adds up in a window of days; so --sum-at-least, --count-at-most,
                                  --count-at-least, --max-at-most, --min-at-least

In CEL the names are the quantities of the agreement, and now. A quantity has latest(), max(days), min(days),
sum(days), count(days), age() in days, by(target, date("…")), down_by(target, date("…")) and
each_followed(other, days); they are compared with numbers and joined by &&, || and !.

A reading that is a bound, such as <130, is taken as one: where it does not decide, the verdict is “cannot tell”.
Units are converted only as the agreement says. Try a rule on the readings that there are with --try.
`

const manner = `
With every command: --data FOLDER  --as PERSON  --json
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something moved, 4 a proof failed, 5 held back by marking or margin
`

// help explains one command.
func (m *Main) help(c *cobra.Command, _ []string) {
	if !c.HasParent() {
		fmt.Fprint(m.Stdout, overview)
		return
	}
	fmt.Fprintf(m.Stdout, "%s\n\n", strings.TrimSpace(or(c.Long, c.Short)))
	if c.Runnable() {
		fmt.Fprintf(m.Stdout, "  %s\n", c.UseLine())
	}
	for _, sub := range c.Commands() {
		if !sub.Hidden {
			fmt.Fprintf(m.Stdout, "  %-34s %s\n", sub.UseLine(), sub.Short)
		}
	}
	if c.HasSubCommands() {
		fmt.Fprintf(m.Stdout, "\n%s COMMAND explains one of them.\n", helpFor(c))
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(m.Stdout, "\n%s", c.LocalFlags().FlagUsages())
	}
	if c.Example != "" {
		fmt.Fprintf(m.Stdout, "\nFor example:\n%s\n", strings.TrimRight(c.Example, "\n"))
	}
	fmt.Fprint(m.Stdout, manner)
}

// helpCommand is “entente help”.
func (m *Main) helpCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		fmt.Fprint(m.Stdout, overview)
		return nil
	}
	if topic := map[string]string{"words": words, "rules": rules}[strings.Join(args, " ")]; topic != "" {
		fmt.Fprint(m.Stdout, topic)
		return nil
	}
	found, rest, err := c.Root().Find(args)
	if err != nil || len(rest) > 0 || found == c.Root() {
		return usagef("There is no command %q. Nothing was done.", strings.Join(args, " "))
	}
	m.help(found, nil)
	return nil
}
