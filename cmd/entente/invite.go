package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"entente/internal/api"
	"entente/internal/chancery"
	"entente/party"
	"entente/text"
)

type inviteFlags struct {
	name, group, plan, terms, capital, theirCapital []string
	languages, ceiling, zone, theirZone, out        string
	chairs, silenceFor                              []string
	silence                                         string
	whole, inStep                                   bool
}

func (m *Main) inviteCommand() *cobra.Command {
	var f inviteFlags
	c := &cobra.Command{
		Use: "invite CODE --name NAME [--group NAME]", Short: "Writes an invitation for a party that this server does not know yet.", Args: cobra.ExactArgs(1),
		Long: `Writes an invitation: this party's public card and, with --group, the group as proposed. It
holds no secret, and does nothing until the numbers are compared. Without --group it only links
the two servers.`,
		Example: "  entente invite IL --name Israel --group \"Nuclear agreement\" --out il.invite",
		RunE:    func(c *cobra.Command, args []string) error { return m.invite(c.Context(), args[0], f) },
	}
	c.Flags().StringArrayVar(&f.name, "name", nil, "the other party's name; again for other languages")
	c.Flags().StringArrayVar(&f.group, "group", nil, "name of the group to convene with it: the plenary")
	c.Flags().StringArrayVar(&f.plan, "plan", nil, "title of the joint plan")
	c.Flags().StringArrayVar(&f.terms, "terms", nil, "terms of reference")
	c.Flags().StringVar(&f.languages, "languages", "", "authentic languages of the group (this party's)")
	c.Flags().StringVar(&f.ceiling, "ceiling", "", "narrowest marking the group may hold (TLP:AMBER+STRICT)")
	f.rules(c.Flags())
	c.Flags().StringVar(&f.zone, "zone", "", "this party's time zone, such as America/New_York")
	c.Flags().StringArrayVar(&f.capital, "capital", nil, "this party's capital")
	c.Flags().StringVar(&f.theirZone, "their-zone", "", "the other party's time zone")
	c.Flags().StringArrayVar(&f.theirCapital, "their-capital", nil, "the other party's capital")
	c.Flags().StringVar(&f.out, "out", "", "the file to write (CODE.invite)")
	return c
}

func (m *Main) invite(ctx context.Context, code string, f inviteFlags) error {
	if len(f.name) == 0 {
		return usagef("Give the other party's name: --name NAME. Nothing was written.")
	}
	return m.with(ctx, func(c *client) error {
		them := api.AskParty{Code: code, Zone: f.theirZone}
		terms := api.AskTerms{Ceiling: f.ceiling, Self: api.AskParty{Zone: f.zone}}
		for _, t := range []struct {
			flags []string
			into  *api.Words
		}{{f.name, &them.Names}, {f.theirCapital, &them.Capital}, {f.group, &terms.Name}, {f.plan, &terms.Plan}, {f.terms, &terms.Terms}, {f.capital, &terms.Self.Capital}} {
			var err error
			if *t.into, err = c.words(ctx, t.flags); err != nil {
				return err
			}
		}
		if f.languages != "" {
			terms.Languages = strings.Split(f.languages, ",")
		}
		if err := f.agree(&terms); err != nil {
			return err
		}
		path := or(f.out, strings.ToLower(code)+".invite")
		if err := freeOut(path); err != nil {
			return err
		}
		body := map[string]any{"party": them}
		if terms.Name != nil {
			body["group"] = terms
		}
		var out struct {
			File   string       `json:"file"`
			Number party.Number `json:"number"`
		}
		if err := c.post(ctx, "/v1/invite", body, &out); err != nil {
			return err
		}
		if err := m.writeOut(path, []byte(out.File), 0o644); err != nil {
			return err
		}
		m.say("Wrote %s (%s). It holds your public key, your address and the group's rules. No secrets.", path, size(len(out.File)))
		m.say("Send it any way you like. It does nothing until the numbers are compared.")
		return m.result(map[string]any{"file": path, "number": out.Number}, func(w io.Writer) {
			printNumber(w, "Your number, to read aloud:   ", out.Number)
		})
	})
}

func size(n int) string {
	if n < 1000 {
		return fmt.Sprintf("%d bytes", n)
	}
	if n < 10_000_000 {
		return fmt.Sprintf("%d kB", (n+500)/1000)
	}
	return fmt.Sprintf("%d MB", (n+500_000)/1_000_000)
}

func (m *Main) joinCommand() *cobra.Command {
	var out, confirm, code, languages, address string
	var names []string
	c := &cobra.Command{
		Use: "join FILE", Short: "Takes up an invitation, once the numbers have been compared.", Args: cobra.ExactArgs(1),
		Long: `Reads an invitation, shows the number of the party it says it is from, and takes it up when
you have compared that number with a person you know there. It writes a reply to send back.
Where there is no data folder yet, --party and --name make one.`,
		Example: "  entente join il.invite\n  entente join il.invite --party IL --name ישראל --languages he,en",
		RunE: func(c *cobra.Command, args []string) error {
			made, err := false, error(nil)
			if code != "" {
				if made, err = m.firstTime(c.Context(), code, names, languages, address); err != nil {
					return err
				}
			}
			joined, err := m.join(c.Context(), args[0], out, confirm)
			switch {
			case made && !joined:
				return errors.Join(err, m.unmake())
			case made && err == nil:
				m.say("Next:  entente serve --listen 127.0.0.1:7411     then open the address it prints to add the first person.")
			}
			return err
		},
	}
	c.Flags().StringVar(&out, "out", "", "the reply to write (CODE.reply)")
	c.Flags().StringVar(&confirm, "confirm", "", "the last group of their number, as it was read aloud")
	c.Flags().StringVar(&code, "party", "", "make the data folder first, for this party")
	c.Flags().StringArrayVar(&names, "name", nil, "with --party: the party's name")
	c.Flags().StringVar(&languages, "languages", "en", "with --party: working languages")
	c.Flags().StringVar(&address, "address", "", "with --party: HOST:PORT where counterparts reach this server")
	return c
}

// firstTime makes the data folder, if there is none, and says whether it did.
func (m *Main) firstTime(ctx context.Context, code string, names []string, languages, address string) (made bool, err error) {
	h, err := openHome(m.data)
	var none *errNoHome
	var inUse *errInUse
	switch {
	case errors.As(err, &none):
		quiet := *m
		quiet.Stdout, quiet.Stderr = io.Discard, io.Discard // the number comes at the end
		if err := quiet.init(ctx, code, names, languages, address); err != nil {
			return false, err
		}
		m.say("Made this server's keys and an empty log in %s.", m.data)
		return true, nil
	case errors.As(err, &inUse):
		return false, nil // a server runs there
	case err != nil:
		return false, err
	}
	return false, h.release()
}

// unmake takes away a data folder that was made for an invitation which was then not taken up.
func (m *Main) unmake() error {
	h, err := openHome(m.data)
	if err != nil {
		return err
	}
	if err := errors.Join(h.release(), os.RemoveAll(m.data)); err != nil {
		return cannot("take away the new data folder", err)
	}
	m.say("The new data folder %s was taken away again.", m.data)
	return nil
}

// join takes up an invitation, and says whether it was taken up: the reply may fail to be written
// after that.
func (m *Main) join(ctx context.Context, path, out, confirm string) (joined bool, err error) {
	file, err := readSmall(path, chancery.MaxLinkFile)
	if err != nil {
		return false, err
	}
	err = m.with(ctx, func(c *client) error {
		var inv api.InvitationPage
		if err := c.post(ctx, "/v1/invitation", api.LinkFile{File: string(file)}, &inv); err != nil {
			return err
		}
		m.say("The invitation says it is from: %s (%s)", named(inv.From.Names), inv.From.Code)
		if len(inv.Name) > 0 {
			m.say("It proposes the group “%s” of %s, %s.", named(inv.Name), codes(inv.Parties), inv.Ceiling)
		}
		var self api.Card
		if err := c.get(ctx, "/v1/server", &self); err != nil {
			return err
		}
		if inv.Invited != self.Code { // before anybody takes up the telephone
			return fmt.Errorf("The invitation is for %s, and this server speaks for %s. Nothing was changed. Send it on to them, or ask %s for one of your own.", inv.Invited, self.Code, inv.From.Code)
		}
		to := or(out, strings.ToLower(string(inv.From.Code))+".reply")
		if err := freeOut(to); err != nil {
			return err
		}
		last, err := m.compare(inv.From.Number, confirm)
		if err != nil {
			return err
		}
		var reply struct {
			File   string       `json:"file"`
			Number party.Number `json:"number"`
		}
		if m.as == "" {
			c = c.asOwner()
		}
		if err := c.post(ctx, "/v1/join", api.LinkFile{File: string(file), Confirm: last}, &reply); err != nil {
			return err
		}
		joined = true
		if err := m.writeOut(to, []byte(reply.File), 0o644); err != nil {
			return fmt.Errorf("Joined, but the reply was not written. Join again with the same file to have it.\n%w", err)
		}
		m.say("Joined. Wrote %s. Send it back; they will ask for yours:", to)
		return m.result(map[string]any{"from": inv.From.Code, "file": to, "number": reply.Number}, func(w io.Writer) {
			printNumber(w, "Your number, to read aloud:   ", reply.Number)
		})
	})
	return joined, err
}

func (m *Main) acceptCommand() *cobra.Command {
	var confirm string
	c := &cobra.Command{
		Use: "accept FILE", Short: "Completes a link with the reply to your invitation, once the numbers have been compared.", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return m.accept(c.Context(), args[0], confirm) },
	}
	c.Flags().StringVar(&confirm, "confirm", "", "the last group of their number, as it was read aloud")
	return c
}

func (m *Main) accept(ctx context.Context, path, confirm string) error {
	file, err := readSmall(path, chancery.MaxLinkFile)
	if err != nil {
		return err
	}
	return m.with(ctx, func(c *client) error {
		var reply struct{ From api.Card }
		if err := c.post(ctx, "/v1/reply", api.LinkFile{File: string(file)}, &reply); err != nil {
			return err
		}
		m.say("The reply says it is from: %s (%s)", named(reply.From.Names), reply.From.Code)
		last, err := m.compare(reply.From.Number, confirm)
		if err != nil {
			return err
		}
		var out struct {
			Party party.Code     `json:"party"`
			Group *api.GroupLine `json:"group,omitempty"`
		}
		if err := c.post(ctx, "/v1/accept", api.LinkFile{File: string(file), Confirm: last}, &out); err != nil {
			return err
		}
		m.say("Linked with %s.", out.Party)
		if out.Group != nil {
			m.say("Convened group %s, “%s”. They join at the next exchange:  entente sync, or entente bundle write %s", out.Group.Handle, named(out.Group.Name), out.Party)
		}
		return m.result(out, func(io.Writer) {})
	})
}

// compare shows a number, and asks for its last group as it was read aloud by somebody there.
func (m *Main) compare(n party.Number, confirm string) (string, error) {
	if confirm != "" {
		return confirm, nil
	}
	if !m.asks() {
		return "", usagef("Nobody is here to compare the numbers. Nothing was done. Compare all six groups by telephone with a person you know there:\n    %s\nthen give the last one that was read to you: --confirm GROUP", n)
	}
	g := n.Groups()
	fmt.Fprintf(m.Stderr, "Call a person you know there, on a line you trust. Ask for their number:\n    %s %s %s\n    %s %s %s\n", g[0], g[1], g[2], g[3], g[4], g[5])
	fmt.Fprint(m.Stderr, "Is it the same, all six groups? Type the last group to confirm: ")
	line, err := bufio.NewReader(io.LimitReader(m.Stdin, maxLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", cannot("read your answer", err)
	}
	return strings.TrimFunc(line, unicode.IsSpace), nil
}

const maxLine = 1 << 10 // bytes of a typed answer

// named is a text in English where there is one, else in its first language.
func named(t text.Texts) string { return t.Best("en").Text }

func codes(list []party.Code) string {
	out := make([]string, len(list))
	for i, c := range list {
		out[i] = string(c)
	}
	return strings.Join(out, ", ")
}
