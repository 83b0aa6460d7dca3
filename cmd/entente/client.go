package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"entente/internal/api"
	"entente/text"
)

// maxAnswer bounds an answer of the API, in bytes: a large proof is the greatest.
const maxAnswer = 1 << 30

// A client speaks to the API of the party's server: the one that runs on the data folder or, where
// none does, one opened in this process for the length of the command.
type client struct {
	http   *http.Client
	person string
	dir    string
	local  *station // nil where another process serves
	langs  []text.Lang
}

// connect finds or opens the server of the data folder.
func (m *Main) connect(ctx context.Context) (*client, error) {
	c := &client{person: m.as, dir: m.data}
	path := filepath.Join(m.data, socketFile)
	if conn, err := net.Dial("unix", path); err == nil {
		conn.Close()
		c.http = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, "unix", path)
		}}}
		return c, nil
	}
	h, err := waitForHome(ctx, m.data)
	if err != nil {
		return nil, err
	}
	if c.local, err = m.openAlone(ctx, h, stationConfig{clock: m.Now, log: discard()}); err != nil {
		return nil, err
	}
	c.http = &http.Client{Transport: direct{c.local.api}}
	return c, nil
}

// How long a command waits for another command on the same folder to finish.
const (
	folderTime = 3 * time.Second
	folderLook = 20 * time.Millisecond
)

// waitForHome takes hold of the data folder, waiting a moment where another command has it.
func waitForHome(ctx context.Context, dir string) (*home, error) {
	end := time.NewTimer(folderTime)
	defer end.Stop()
	for {
		h, err := openHome(dir)
		var inUse *errInUse
		if !errors.As(err, &inUse) {
			return h, err
		}
		select {
		case <-time.After(folderLook):
		case <-end.C:
			return nil, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// with runs a command's work with a client, and names the one person of a server that has only one.
func (m *Main) with(ctx context.Context, f func(*client) error) (err error) {
	c, err := m.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if c.local != nil {
			err = errors.Join(err, c.local.close())
		}
	}()
	if c.person == "" {
		if err := c.onlyPerson(ctx); err != nil {
			return err
		}
	}
	return f(c)
}

// onlyPerson speaks for the one person there is, if there is one.
func (c *client) onlyPerson(ctx context.Context) error {
	var out struct{ People []api.Person }
	if err := c.get(ctx, "/v1/people", &out); err != nil {
		return err
	}
	name := ""
	for _, p := range out.People {
		switch {
		case !p.Removed.IsZero():
		case name != "":
			return nil
		default:
			name = string(p.ID)
		}
	}
	c.person = name
	return nil
}

// asOwner gives a client that asks as the owner of the data folder.
func (c *client) asOwner() *client {
	o := *c
	o.person = ""
	return &o
}

func (c *client) get(ctx context.Context, path string, into any) error {
	return c.call(ctx, http.MethodGet, path, nil, into)
}

func (c *client) post(ctx context.Context, path string, body, into any) error {
	return c.call(ctx, http.MethodPost, path, body, into)
}

// call asks the API. A refusal comes back as an *api.Fault.
func (c *client) call(ctx context.Context, method, path string, body, into any) error {
	raw, err := c.fetch(ctx, method, path, body)
	if err != nil || into == nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("the server's answer cannot be read: %w. Whether anything was done is unknown; look before you try again", err)
	}
	return nil
}

func (c *client) fetch(ctx context.Context, method, path string, body any) ([]byte, error) {
	var b bytes.Buffer
	if body != nil {
		if err := json.NewEncoder(&b).Encode(body); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, "http://entente"+path, &b)
	if err != nil {
		return nil, err
	}
	if c.person != "" {
		r.Header.Set(api.PersonHeader, c.person)
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, fmt.Errorf("the server on %s does not answer: %w. Whether anything was done is unknown; look before you try again", c.dir, err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("the server's answer broke off: %w. Whether anything was done is unknown; look before you try again", err)
	}
	if resp.StatusCode != http.StatusOK {
		var out struct{ Error *api.Fault }
		if json.Unmarshal(raw, &out) != nil || out.Error == nil {
			return nil, fmt.Errorf("the server answered with the status %d. Nothing is known to have been done", resp.StatusCode)
		}
		return nil, out.Error
	}
	return raw, nil
}

// direct carries requests to a handler in this process.
type direct struct{ handler http.Handler }

// RoundTrip is http.RoundTripper's.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &answer{header: http.Header{}, status: http.StatusOK}
	d.handler.ServeHTTP(w, r)
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), Request: r}, nil
}

type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// languages are the party's own, the preferred first: what texts are shown in.
func (c *client) languages(ctx context.Context) ([]text.Lang, error) {
	if c.langs == nil {
		var out api.Card
		if err := c.get(ctx, "/v1/server", &out); err != nil {
			return nil, err
		}
		c.langs = out.Languages
	}
	return c.langs, nil
}

// words reads a flag of texts: each “lang=words”, or words alone for the party's first language;
// words that begin with “@” name a file.
func (c *client) words(ctx context.Context, flags []string) (api.Words, error) {
	if len(flags) == 0 {
		return nil, nil
	}
	langs, err := c.languages(ctx)
	if err != nil {
		return nil, err
	}
	return readWords(flags, langs[0])
}

func readWords(flags []string, first text.Lang) (api.Words, error) {
	out := api.Words{}
	for _, f := range flags {
		lang := string(first)
		if name, rest, ok := strings.Cut(f, "="); ok {
			if l, err := text.ParseLang(name); err == nil {
				lang, f = string(l), rest
			}
		}
		if path, ok := strings.CutPrefix(f, "@"); ok {
			b, err := readSmall(path, text.MaxText)
			if err != nil {
				return nil, err
			}
			f = strings.TrimRight(string(b), "\n")
		}
		if _, twice := out[lang]; twice {
			return nil, usagef("The text in %s is given twice. Nothing was done. Write each language once: --text en=… --text he=…", lang)
		}
		out[lang] = f
	}
	return out, nil
}

// groupOf finds the group of a reference: the one named, or the only one that has it.
func (c *client) groupOf(ctx context.Context, group, ref string) (string, error) {
	if group != "" {
		return group, c.hasGroup(ctx, group)
	}
	var out struct{ Groups []string }
	if err := c.get(ctx, "/v1/e/"+url.PathEscape(ref), &out); err != nil {
		return "", err
	}
	switch len(out.Groups) {
	case 0:
		return "", &api.Fault{Kind: "withheld", Message: fmt.Sprintf("There is no %s here. Nothing was done. Look at the plan for the reference you mean:  entente plan", ref), Exit: api.ExitFailed}
	case 1:
		return out.Groups[0], nil
	}
	return "", usagef("%s is in several groups: %s. Nothing was done. Say which: --group NUMBER", ref, strings.Join(out.Groups, ", "))
}

// groups are the handles of the groups that the person sits in.
func (c *client) groups(ctx context.Context) ([]string, error) {
	var out struct{ Groups []api.GroupLine }
	if err := c.get(ctx, "/v1/g", &out); err != nil {
		return nil, err
	}
	names := []string{}
	for _, g := range out.Groups {
		names = append(names, g.Handle)
	}
	return names, nil
}

// hasGroup refuses a group that is not here for this person, and says which are.
func (c *client) hasGroup(ctx context.Context, group string) error {
	names, err := c.groups(ctx)
	if err != nil || slices.Contains(names, group) {
		return err
	}
	if len(names) == 0 {
		return errNoGroup
	}
	if c.get(ctx, "/v1/g/"+url.PathEscape(group), nil) == nil {
		return nil // by its long name
	}
	return &api.Fault{Kind: "withheld", Message: fmt.Sprintf("There is no group %s here that you sit in. Nothing was done. There is: %s.", group, strings.Join(names, ", ")), Exit: api.ExitFailed}
}

// instead says in other words that there is nothing by a name: what the command asked for.
func instead(err error, format string, args ...any) error {
	var f *api.Fault
	if !errors.As(err, &f) || f.Kind != "withheld" {
		return err
	}
	return &api.Fault{Kind: f.Kind, Message: fmt.Sprintf(format, args...), Exit: f.Exit}
}

// errNoGroup says that the person sits in no group.
var errNoGroup = &api.Fault{Kind: "withheld", Message: "There is no group here that you sit in. Nothing was done. Begin with:  entente invite, or entente group convene", Exit: api.ExitFailed}

// oneGroup is the group named, or the only one there is.
func (c *client) oneGroup(ctx context.Context, group string) (string, error) {
	if group != "" {
		return group, c.hasGroup(ctx, group)
	}
	names, err := c.groups(ctx)
	if err != nil {
		return "", err
	}
	switch len(names) {
	case 0:
		return "", errNoGroup
	case 1:
		return names[0], nil
	}
	return "", usagef("Say which group: --group NUMBER, one of %s. Nothing was done.", strings.Join(names, ", "))
}

// writeOut writes a result to a file that must not be there yet, or to the standard output for “-”.
func (m *Main) writeOut(path string, data []byte, mode os.FileMode) error {
	if err := freeOut(path); err != nil {
		return err
	}
	if path == "-" {
		_, err := m.Stdout.Write(data)
		return err
	}
	return writeNew(path, data, mode)
}

// freeOut refuses a name for a result that is taken already.
func freeOut(path string) error {
	if _, err := os.Lstat(path); err == nil && path != "-" {
		return fmt.Errorf("%s exists already. It was left as it is. Choose another name:  --out FILE", path)
	}
	return nil
}
