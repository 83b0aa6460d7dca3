package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entente/internal/api"
	"entente/internal/chancery"
)

type serveFlags struct{ listen, exchange, origin, log string }

func (m *Main) serveCommand() *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use: "serve", Short: "Runs the party's server until Ctrl-C.", Args: cobra.NoArgs,
		Long: `Serves the pages, answers counterparts, and keeps in step with them. The pages are for this
machine unless --listen says otherwise; put a web server with TLS before them for others. While
it runs, every other command speaks to it.`,
		Example: "  entente serve --listen 127.0.0.1:7411 --exchange :7420 --data /srv/entente",
		RunE:    func(c *cobra.Command, _ []string) error { return m.serve(c.Context(), f) },
	}
	c.Flags().StringVar(&f.listen, "listen", "127.0.0.1:7411", "address of the pages; empty for none")
	c.Flags().StringVar(&f.exchange, "exchange", "", "address on which counterparts are answered; empty for none")
	c.Flags().StringVar(&f.origin, "origin", "", "where people reach the pages, such as https://entente.state.example")
	c.Flags().StringVar(&f.log, "log", "-", "where the log goes: a file, or - for the standard error")
	return c
}

func (m *Main) serve(ctx context.Context, f serveFlags) (err error) {
	if conn, err := net.Dial("unix", (&home{dir: m.data}).path(socketFile)); err == nil {
		conn.Close()
		return fmt.Errorf("A server runs on %s already. Nothing was started.", m.data)
	}
	h, err := openHome(m.data)
	if err != nil {
		return err
	}
	log, closeLog, err := m.serverLog(f.log)
	if err != nil {
		return errors.Join(err, h.release())
	}
	defer closeLog()
	s, err := m.openAlone(ctx, h, stationConfig{clock: m.Now, log: log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	d := newDoors(ctx)
	defer d.close()
	origin, err := m.openDoors(d, s, f)
	if err != nil {
		return err
	}
	for _, g := range s.chancery.Groups() {
		if why := g.Held(); why != "" {
			m.say("Group %s: %s", g.Handle(), why)
		}
	}
	if err := errors.Join(m.setUpLink(ctx, s, origin), s.openSocket(d)); err != nil && ctx.Err() == nil {
		return err
	}
	s.openCourier(d)
	<-d.ctx.Done()
	m.say("Stopping.")
	return d.close()
}

func (m *Main) serverLog(path string) (*slog.Logger, func() error, error) {
	if path == "-" {
		return slog.New(slog.NewTextHandler(m.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), func() error { return nil }, nil
	}
	return demoLog(path)
}

// openDoors opens the listeners, and says where the pages are. The socket in the data folder is
// opened after it, when the link is printed: whoever finds the socket finds a server that stands.
func (m *Main) openDoors(d *doors, s *station, f serveFlags) (origin string, err error) {
	if f.exchange != "" {
		line, err := listen(f.exchange, "--exchange")
		if err != nil {
			return "", err
		}
		d.run("the line for counterparts", func(ctx context.Context) error { return s.exchange.Serve(ctx, line) })
		m.say("Counterparts are answered on %s.", line.Addr())
	}
	if f.listen != "" {
		pages, err := listen(f.listen, "--listen")
		if err != nil {
			return "", err
		}
		origin = or(f.origin, "http://"+reachable(pages.Addr()))
		if open := openTo(pages.Addr()); open != "" && !strings.HasPrefix(f.origin, "https://") {
			m.say(withoutTLS, open)
		}
		if err := s.openPages(d, pages, origin); err != nil {
			return "", errors.Join(err, pages.Close())
		}
	}
	return origin, nil
}

// withoutTLS warns of pages that other machines can reach as they are.
const withoutTLS = `Warning: the pages can be reached from other machines, on %s, without TLS. Whoever is on the way
can read and change what passes, and take over a session; security keys do not work there.
Listen on 127.0.0.1, put a web server with TLS before it, and give its address: --origin https://…`

// reachable is an address under which this machine's own browser finds a listener.
func reachable(a net.Addr) string {
	at, ok := a.(*net.TCPAddr)
	if !ok || !at.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("localhost", strconv.Itoa(at.Port)) // 127.0.0.1 or ::1, as it was opened
}

// openTo is a listener's address where other machines can reach it, or empty.
func openTo(a net.Addr) string {
	if at, ok := a.(*net.TCPAddr); ok && at.IP.IsLoopback() {
		return ""
	}
	return a.String()
}

// setUpLink prints where the pages are and, while there is nobody, the link that sets up the server.
func (m *Main) setUpLink(ctx context.Context, s *station, origin string) error {
	people, err := s.chancery.People(ctx)
	if err != nil {
		return err
	}
	out := map[string]string{"pages": origin}
	if len(people) == 0 && origin != "" {
		secret, _, err := s.chancery.NewLink(ctx, chancery.Who{Admin: true}, "")
		if err != nil {
			return err
		}
		out["set_up"] = origin + api.LinkPath("", secret)
	}
	return m.result(out, func(w io.Writer) {
		if origin == "" {
			fmt.Fprintln(w, "Serving, without pages.")
			return
		}
		fmt.Fprintf(w, "Serving %s\n", origin)
		if link := out["set_up"]; link != "" {
			fmt.Fprintf(w, "Nobody has been added yet. This address adds the first person, once:\n  %s\n", link)
		}
	})
}
