package web

import (
	"context"
	"slices"
	"strings"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// What is done at the table beyond accepting, countering and reserving: accepting ad referendum,
// breaking a silence, certifying that languages say the same.

// chairText stands, in addresses, in the place of a party for the text that a co-chair offered and
// that is no party's own. No party's code is written in small letters.
const chairText = "offer"

// referralDays is how many working days of one's capital are proposed for its confirmation.
const referralDays = 10

// positionOf finds a text that the party does not hold: what another party holds, or what is offered.
func (d elementData) positionOf(of string) *plan.Position {
	if of == chairText {
		return d.Offer
	}
	i := slices.IndexFunc(d.Positions, func(p plan.Position) bool { return string(p.Party) == of && !p.Own })
	if i < 0 {
		return nil
	}
	return &d.Positions[i]
}

// ofChoice is how an address names the text that a choice is about.
func ofChoice(c plan.Choice) string { return "of=" + chosenOf(c) }

func chosenOf(c plan.Choice) string {
	if c.Offered {
		return chairText
	}
	return string(c.Of)
}

// whoseText names a text by who holds it: "Israel’s text", "the co-chair’s text".
func (d elementData) whoseText(p *locale.Printer, of string) string {
	if of == chairText {
		return d.offerSaid(p, "offer.text", "offer.text.party")
	}
	return p.F("party.text", locale.Args{"Party": d.sc.name(party.Code(of))})
}

// offerSaid chooses between the words for a co-chair's text and those for one that a party offered of
// which no co-chair is known.
func (d elementData) offerSaid(p *locale.Printer, chaired, other locale.Key) string {
	if d.Offer == nil || d.Offer.Attribution == plan.CoChair {
		return p.T(chaired)
	}
	return p.F(other, locale.Args{"Party": d.sc.name(d.Offer.Party)})
}

// offerKey is the sentence that says who offered a text.
func offerKey(o plan.Position) locale.Key {
	if o.Attribution == plan.CoChair {
		return "offer.words"
	}
	return "offer.words.party"
}

// acceptWords are the words of a button that leads to accepting.
func (d elementData) acceptWords(p *locale.Printer, c plan.Choice) string {
	if c.Offered {
		return d.offerSaid(p, "act.accept.offer", "act.accept.offer.party")
	}
	return p.F("act.accept", locale.Args{"Party": d.sc.name(c.Of)})
}

// choicesOf are the acts of one name that the person may take now.
func (d elementData) choicesOf(name string, need act.Powers) (out []plan.Choice) {
	for _, c := range d.Choices {
		if c.Act == name && d.sc.may(need) {
			out = append(out, c)
		}
	}
	return out
}

// awaited names the parties whose capitals have yet to confirm what is agreed ad referendum.
func (c scene) awaited(t plan.Talks) string {
	var names []string
	for _, r := range t.Referrals {
		if !r.Lapsed && r.Revision.ID == t.AdReferendum.Revision.ID {
			names = append(names, c.name(r.Stamp.Party))
		}
	}
	return strings.Join(names, ", ")
}

// ownReferral is this party's acceptance ad referendum that stands, or nil.
func (d elementData) ownReferral() *plan.Referral {
	for i, r := range d.Referrals {
		if r.Stamp.Party == d.sc.code() && !r.Lapsed {
			return &d.Referrals[i]
		}
	}
	return nil
}

// prepareTalk finds what an act of the talks is about.
func (s *Server) prepareTalk(ctx context.Context, v visit, d *deed) error {
	switch d.Act {
	case "accept", "refer":
		if d.Position = d.positionOf(d.of); d.Position == nil {
			return &chancery.Refused{Rule: "unseen", Sentence: locale.T(ctx, "accept.gone")}
		}
		d.compare()
	case "object":
		if d.Silence == nil || d.Silence.Outcome != plan.SilenceRuns || d.Silence.Revision.Party == d.sc.code() {
			return &chancery.Refused{Rule: "silence", Sentence: locale.T(ctx, "silence.gone")}
		}
		i := slices.IndexFunc(d.Positions, func(p plan.Position) bool { return p.Revision.ID == d.Silence.Revision.ID })
		if i >= 0 {
			d.Position = &d.Positions[i]
		}
	case "certify":
		c, ok := d.choice("certify", act.MayCertify)
		if !ok {
			return &chancery.Refused{Rule: "again", Sentence: locale.T(ctx, "certify.gone")}
		}
		d.certified = c.Revision
		i := slices.IndexFunc(d.Positions, func(p plan.Position) bool { return p.Revision.ID == c.Revision.ID })
		if i >= 0 {
			d.Position = &d.Positions[i]
		}
	}
	switch d.Act {
	case "accept":
		if d.Kind == act.Package {
			v.group.View(func(p *plan.State) { d.takes = takesUp(p, v.group.Self(), d.Position.Content.Contains) })
		}
	case "refer":
		v.group.View(func(p *plan.State) {
			d.roles = rolesOf(p.Delegation(v.group.Self()).Delegates)
			d.until = d.sc.instantOf(workingDays(s.now(), referralDays, p.Calendar(v.group.Self()), d.sc.charter.Parties[d.sc.self].Zone))
		})
	}
	return nil
}

// rolesOf are the roles in a delegation, each once.
func rolesOf(list []act.Delegate) (out []text.Texts) {
	for _, p := range list {
		if len(p.Role) > 0 && !slices.ContainsFunc(out, func(t text.Texts) bool { return plan.SameRole(t, p.Role) }) {
			out = append(out, p.Role)
		}
	}
	return out
}

// workingDays is six in the evening on the n-th working day after a time, by the calendar and the
// clock of a capital.
func workingDays(from time.Time, n int, c act.Calendar, zone string) time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		loc = time.UTC
	}
	t := from.In(loc)
	t = time.Date(t.Year(), t.Month(), t.Day(), 18, 0, 0, 0, loc)
	for range 366 {
		if n == 0 {
			break
		}
		t = t.AddDate(0, 0, 1)
		on := act.Date(t.Format(time.DateOnly))
		if !c.Rest.Has(t.Weekday()) && !slices.ContainsFunc(c.Days, func(h act.Holiday) bool { return h.On == on }) {
			n--
		}
	}
	return t
}

// roleOptions are the roles of this party's delegation that may be named; none is chosen beforehand.
func (d deed) roleOptions() []ui.Option {
	var out []ui.Option
	for _, t := range d.roles {
		name := d.sc.best(t).Text
		out = append(out, ui.Option{Value: name, Label: name, On: d.role == name})
	}
	return out
}

// roleAsked is the role that was chosen or typed, in every language in which the delegation has it.
func (d deed) roleAsked() map[string]string {
	out := map[string]string{}
	for _, t := range d.roles {
		if d.sc.best(t).Text == d.role {
			for _, v := range t {
				out[string(v.Lang)] = v.Text
			}
		}
	}
	if len(out) == 0 && d.role != "" {
		out[string(d.sc.reading())] = d.role
	}
	return out
}

// checkTalk says what is missing for accepting ad referendum.
func (d deed) checkTalk(p *locale.Printer) (out []ui.Problem) {
	if d.Act != "refer" {
		return nil
	}
	if _, ok := d.until.time(); !ok {
		out = append(out, ui.Problem{Field: "until", Words: p.T("problem.until")})
	}
	if d.role == "" {
		out = append(out, ui.Problem{Field: "role", Words: p.T("problem.role")})
	}
	return out
}

// fieldOf says beside which field of the act's form a refusal stands; "" for the form as a whole.
func (d deed) fieldOf(rule string) string {
	if d.Act != "refer" {
		return ""
	}
	return fieldOfRule(rule)
}

// fieldOfRule says beside which field a refusal stands that is about a time.
func fieldOfRule(rule string) string {
	switch rule {
	case "silence", "holiday", "zone", "referendum", "until":
		return "until"
	}
	return ""
}

// toldTalk says what has just been done in the talks, as far as the plan bears it out.
func (d elementData) toldTalk(ctx context.Context) string {
	switch d.told {
	case "silence":
		if d.ownSilence() {
			return locale.F(ctx, "told.silence", locale.Args{"Until": locale.Deadline(ctx, when(d.Silence.Until))})
		}
	case "offered":
		if d.Offer != nil {
			return locale.T(ctx, "told.offered")
		}
	case "refer":
		if r := d.ownReferral(); r != nil {
			return locale.F(ctx, "told.refer", locale.Args{"Day": locale.Day(ctx, when(r.Until))})
		}
	case "object":
		if n := len(d.Silences); n > 0 && len(d.Silences[n-1].Breaks) > 0 {
			return locale.F(ctx, "told.object", locale.Args{"Time": locale.From(ctx).Clock(when(d.Silences[n-1].Breaks[0].At))})
		}
	case "scrutiny":
		if slices.Contains(d.Scrutiny, d.sc.code()) {
			return locale.T(ctx, "told.scrutiny")
		}
	case "certify":
		if d.Drift != nil && slices.ContainsFunc(d.Drift.Certified, func(s plan.Stamp) bool { return s.Party == d.sc.code() }) {
			return locale.F(ctx, "told.certify", locale.Args{"N": locale.Int(d.Drift.Revision.Number)})
		}
	case "interpret":
		return locale.T(ctx, "told.remarked")
	case "packed":
		return locale.T(ctx, "told.packed")
	}
	return ""
}
