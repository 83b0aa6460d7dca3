package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entente/cmd/entente/story"
	"entente/internal/api"
	"entente/party"
	"entente/plan"
	"entente/text"
)

const (
	demoFile       = "demonstration" // marks a folder as a demonstration's
	maxDemoFolders = 1000            // names that are tried
)

type demoFlags struct {
	scenario, dir, log string
	port               int
	once, list         bool
}

func (m *Main) demoCommand() *cobra.Command {
	var f demoFlags
	c := &cobra.Command{
		Use: "demo", Short: "Plays a plan between parties, each with its own server on this machine.", Args: cobra.NoArgs,
		Long: `Starts one server for each party of a plan, links them, plays what the parties said act by
act, and stays up until Ctrl-C. Everything is in a new folder; remove it when you have done with it.`,
		Example: "  entente demo\n  entente demo --once\n  entente demo --scenario cholera --dir ./cholera --port 7421",
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("data") {
				return usagef("A demonstration makes a folder for each party inside one: give --dir FOLDER, not --data. Nothing was started.")
			}
			return m.demo(c.Context(), f)
		},
	}
	c.Flags().StringVar(&f.scenario, "scenario", "washington", "the plan to play")
	c.Flags().StringVar(&f.dir, "dir", "", "the new folder (entente-demo, or entente-demo-2 and on where that is taken)")
	c.Flags().IntVar(&f.port, "port", 7411, "port of the first party's pages; the others follow")
	c.Flags().BoolVar(&f.once, "once", false, "settle everything, write and verify the joint document, and stop")
	c.Flags().BoolVar(&f.list, "list", false, "list the plans there are")
	c.Flags().StringVar(&f.log, "log", "", "write what the servers say to this file")
	return c
}

// demo plays a story and stays up, or settles it and stops.
func (m *Main) demo(ctx context.Context, f demoFlags) (err error) {
	if f.list {
		return m.listStories()
	}
	if f.dir == "" {
		f.dir = freeDemoFolder()
	}
	st, err := story.Load(f.scenario)
	if err != nil {
		return usagef("%w. Nothing was started.", err)
	}
	log, closeLog, err := demoLog(f.log)
	if err != nil {
		return err
	}
	defer closeLog()
	var pages []net.Listener
	if !f.once {
		if pages, err = listenPages(f.port, len(st.Parties)); err != nil {
			return err
		}
		defer func() {
			for _, l := range pages {
				l.Close()
			}
		}()
	}
	if err := makeDemoFolder(f.dir, st); err != nil {
		return err
	}
	m.say("%s parties, %s, each with its own server on this machine.", number(len(st.Parties)), partyNames(st))
	p, err := stage(ctx, st, f.dir, m.Now, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := m.playOut(ctx, p); err != nil {
		return err
	}
	if f.once {
		return m.conclude(ctx, p, f.dir)
	}
	return m.stayUp(ctx, p, f.dir, pages)
}

func demoLog(path string) (*slog.Logger, func() error, error) {
	if path == "" {
		return slog.New(slog.DiscardHandler), func() error { return nil }, nil
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, cannot("write the log", err)
	}
	return slog.New(slog.NewTextHandler(f, nil)), f.Close, nil
}

func (m *Main) listStories() error {
	type line struct {
		Name  string     `json:"name"`
		Title text.Texts `json:"title"`
	}
	var out []line
	for _, name := range story.Names() {
		st, err := story.Load(name)
		if err != nil {
			return err
		}
		out = append(out, line{name, st.Title})
	}
	return m.result(out, func(w io.Writer) {
		for _, l := range out {
			fmt.Fprintf(w, "%-12s %s\n", l.Name, l.Title.Best("en").Text)
		}
	})
}

func listenPages(port, parties int) (out []net.Listener, err error) {
	for i := range parties {
		l, err := listen(net.JoinHostPort("127.0.0.1", strconv.Itoa(port+i)), "--port")
		if err != nil {
			for _, l := range out {
				l.Close()
			}
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// freeDemoFolder is the first name for a demonstration's folder that is not taken here.
func freeDemoFolder() string {
	const name = "entente-demo"
	dir := name
	for n := 2; n < maxDemoFolders; n++ {
		if _, err := os.Lstat(dir); err != nil {
			return dir
		}
		dir = fmt.Sprintf("%s-%d", name, n)
	}
	return name // refused, with what to do
}

// makeDemoFolder makes the folder of a demonstration; it must not be there, or be empty.
func makeDemoFolder(dir string, st *story.Story) error {
	list, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cannot("make the folder "+dir, err)
	}
	if len(list) > 0 {
		if _, err := os.Stat(filepath.Join(dir, demoFile)); err == nil {
			return fmt.Errorf("%s holds an earlier demonstration. It was left as it is. Remove that folder, or play into another:  entente demo --dir NAME", dir)
		}
		return fmt.Errorf("%s is not empty, and is no demonstration's. It was left as it is. Play into another folder:  entente demo --dir NAME", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return cannot("make the folder "+dir, err)
	}
	note := st.ID + "\n" + st.Notice.Best("en").Text + "\nThe keys in this folder are for show. Remove the folder when you have done with it.\n"
	return writeNew(filepath.Join(dir, demoFile), []byte(note), 0o644)
}

// playOut plays the story up to where its pages open, and says what it amounts to.
func (m *Main) playOut(ctx context.Context, p *play) error {
	if err := p.open(ctx); err != nil {
		return err
	}
	m.say("  %-29s %d parties, %d groups", "made keys and logs", len(p.towns), len(p.story.Groups))
	if err := p.steps(ctx, p.story.Steps); err != nil {
		return err
	}
	if err := p.margins(ctx); err != nil {
		return err
	}
	p.clock.run()
	n := p.count()
	day := p.clock.now().In(p.story.Parties[0].Zone).Format("2 January 2006")
	m.say("  %-29s %s entries, %d paragraphs, %d agreed", "played up to "+day, grouped(n.entries), n.plan.Elements, n.plan.Agreed+n.plan.Reserved)
	if err := p.inStep(); err != nil {
		return err
	}
	m.say("  %-29s in step\n", "logs cosigned")
	return nil
}

// tally is what a play amounts to, over all groups.
type tally struct {
	entries uint64
	plan    plan.Totals
}

func (p *play) count() (n tally) {
	for _, t := range p.towns {
		for _, g := range t.chancery.Groups() {
			c := g.Charter()
			if c.Parties[0].Code != t.of.Code {
				continue // each group is counted at its first party
			}
			for _, h := range g.Heads() {
				n.entries += h.Size
			}
			g.View(func(s *plan.State) {
				x := s.Totals()
				n.plan.Elements += x.Elements
				n.plan.Agreed += x.Agreed
				n.plan.Reserved += x.Reserved
				n.plan.InBrackets += x.InBrackets
			})
		}
	}
	return n
}

// inStep checks that every server holds the same of every log, and that every log is cosigned by
// all the others.
func (p *play) inStep() error {
	roots := map[string]string{}
	for _, t := range p.towns {
		for _, g := range t.chancery.Groups() {
			heads, err := api.Heads(g)
			if err != nil {
				return err
			}
			for _, h := range heads {
				was, known := roots[h.Origin]
				if known && was != h.Root.String() {
					return fmt.Errorf("the servers differ about the log of %s in group %s", h.Party, g.Handle())
				}
				roots[h.Origin] = h.Root.String()
				if len(h.Cosigned) != len(g.Charter().Parties)-1 {
					return fmt.Errorf("at %s, the log of %s in group %s has %d cosignatures", t.of.Code, h.Party, g.Handle(), len(h.Cosigned))
				}
			}
		}
	}
	return nil
}

// stayUp opens the pages, says where they are, and waits.
func (m *Main) stayUp(ctx context.Context, p *play, dir string, pages []net.Listener) error {
	d := newDoors(ctx)
	defer d.close()
	type seat struct {
		Party   party.Code   `json:"party"`
		Name    text.Texts   `json:"name"`
		Address string       `json:"address"`
		Person  party.Person `json:"person"`
		SignIn  string       `json:"sign_in"`
	}
	var seats []seat
	for i, t := range p.towns {
		origin := "http://" + pages[i].Addr().String()
		if err := t.openPages(d, pages[i], origin); err != nil {
			return err
		}
		if err := t.openSocket(d); err != nil {
			return err
		}
		t.openCourier(d)
		who, err := t.who(ctx, t.convener())
		if err != nil {
			return err
		}
		secret, _, err := t.chancery.NewLink(ctx, who, who.Person)
		if err != nil {
			return err
		}
		seats = append(seats, seat{t.of.Code, t.of.Names, origin, who.Person, origin + api.LinkPath(who.Person, secret)})
	}
	err := m.result(seats, func(w io.Writer) {
		for _, s := range seats {
			fmt.Fprintf(w, "  %-15s %s   sign in as  %s\n", s.Name.Best("en").Text, s.Address, s.Person)
			fmt.Fprintf(w, "  %-15s %s\n", "", s.SignIn)
		}
	})
	if err != nil {
		return err
	}
	m.say("\nEach of the longer addresses signs in once. %s", p.tryThis())
	m.say("Everything is in %s and invented, except what is marked “as reported”. Ctrl-C stops %s.", dir, all(len(seats)))
	<-d.ctx.Done()
	m.say("\nStopping.")
	return d.close()
}

func all(n int) string {
	if n == 2 {
		return "both"
	}
	return "all"
}

// tryThis names something that waits for the first party.
func (p *play) tryThis() (s string) {
	t := p.towns[0]
	for _, g := range t.chancery.Groups() {
		if g.Charter().Number == 0 {
			continue
		}
		g.View(func(st *plan.State) {
			b := st.Briefing(plan.BriefingQuery{Viewer: g.Self(), Limit: 1})
			if len(b.YoursToDecide) > 0 && s == "" {
				s = fmt.Sprintf("Try this: in the first window open %s and send a counter; watch it arrive in the second.", b.YoursToDecide[0].Display)
			}
		})
	}
	return s
}

// partyNames lists the parties: “United States and Israel”.
func partyNames(st *story.Story) string {
	var names []string
	for _, p := range st.Parties {
		names = append(names, p.Names.Best("en").Text)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func number(n int) string {
	words := []string{"No", "One", "Two", "Three", "Four", "Five", "Six"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

// grouped writes a number with a thin gap between thousands.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
