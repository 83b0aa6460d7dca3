package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"entente/internal/chancery"
	"entente/internal/sqlite"
)

func (m *Main) backupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "backup FOLDER", Short: "Copies the data folder while it is in use, keys included.", Args: cobra.ExactArgs(1),
		Long: `Writes a copy of the data folder into a new folder, also while the server runs. The copy holds the
party's secret keys: keep it as you keep them.`,
		RunE: func(c *cobra.Command, args []string) error { return m.backup(c.Context(), args[0]) },
	}
}

func (m *Main) backup(ctx context.Context, folder string) error {
	to, err := filepath.Abs(folder)
	if err != nil {
		return cannot("find "+folder, err)
	}
	if _, err := os.Lstat(to); err == nil {
		return fmt.Errorf("%s exists already. Nothing was written. Choose a new folder.", folder)
	}
	return m.with(ctx, func(c *client) error {
		whole := folderSize(m.data)
		end := m.follow("writing "+filepath.Base(to), inBytes, func() (uint64, uint64) { return folderSize(to), whole })
		err := c.asOwner().post(ctx, "/v1/backup", map[string]string{"folder": to}, nil)
		if end(); err != nil {
			return err
		}
		m.say("Wrote a backup to %s. It holds your secret keys. To prove it:  entente restore %s --check", folder, folder)
		return m.result(map[string]string{"folder": to}, func(io.Writer) {})
	})
}

func (m *Main) restoreCommand() *cobra.Command {
	var check bool
	c := &cobra.Command{
		Use: "restore FOLDER", Short: "Makes a data folder from a backup.", Args: cobra.ExactArgs(1),
		Long: `Copies a backup into a new data folder (--data) and checks every log in it. The restored server
writes nothing until a counterpart has said how far its log had come, or entente recover has
opened a new epoch: a number is never used twice. With --check the copy is only checked, and
removed again.`,
		RunE: func(c *cobra.Command, args []string) error { return m.restore(c.Context(), args[0], check) },
	}
	c.Flags().BoolVar(&check, "check", false, "only check that the backup can be restored")
	return c
}

func (m *Main) restore(ctx context.Context, from string, check bool) (err error) {
	if _, err := os.Stat(filepath.Join(from, keysFile)); err != nil {
		return fmt.Errorf("%s is no backup of a data folder: it has no keys. Nothing was written.", from)
	}
	if list, err := os.ReadDir(m.data); !check && (err == nil && len(list) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist)) {
		return fmt.Errorf("%s is there already. Nothing was written. Restore into a new folder: --data FOLDER.", m.data)
	}
	if check {
		if m.data, err = os.MkdirTemp("", "entente-check-"); err != nil {
			return cannot("make a folder for the check", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(m.data)) }()
	}
	whole := folderSize(from)
	end := m.follow("copying "+filepath.Base(from), inBytes, func() (uint64, uint64) { return folderSize(m.data), whole })
	err = m.copyBack(from)
	if end(); err != nil {
		return err
	}
	h, err := openHome(m.data)
	if err != nil {
		return err
	}
	s, err := m.openAlone(ctx, h, stationConfig{clock: m.Now, log: discard()})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	groups := s.chancery.Groups()
	entries := uint64(0)
	for _, g := range groups {
		for _, st := range g.Heads() {
			entries += st.Size
		}
	}
	did := "Restored"
	if check {
		did = "The backup can be restored, and nothing was:"
	}
	m.say("%s %s: %d groups, %s entries, every hash and checkpoint checked.", did, s.chancery.Self(), len(groups), grouped(entries))
	if !check {
		m.say("It writes nothing until a new epoch has been opened:  entente recover")
	}
	return m.result(map[string]any{"party": s.chancery.Self(), "groups": len(groups), "entries": entries}, func(io.Writer) {})
}

// copyBack copies a backup's files, the keys last: without them it is no data folder.
func (m *Main) copyBack(from string) error {
	if err := os.MkdirAll(filepath.Join(m.data, groupsDir), 0o700); err != nil {
		return cannot("make the data folder", err)
	}
	list, err := os.ReadDir(filepath.Join(from, groupsDir))
	if err != nil {
		return cannot("read the backup", err)
	}
	for _, f := range list {
		a, b := filepath.Join(from, groupsDir, f.Name()), filepath.Join(m.data, groupsDir, f.Name())
		copyOne := copyFile
		if f.IsDir() {
			copyOne = copyFolder
		}
		if err := copyOne(a, b); err != nil {
			return err
		}
	}
	files := []string{sqlite.PartyFile, sqlite.MarginFile, markFile, cardFile, keysFile}
	if _, err := os.Lstat(filepath.Join(from, sqlite.MarginFile)); errors.Is(err, fs.ErrNotExist) {
		files = slices.DeleteFunc(files, func(name string) bool { return name == sqlite.MarginFile }) // a backup from before there was one
	}
	for _, name := range files {
		if err := copyFile(filepath.Join(from, name), filepath.Join(m.data, name)); err != nil {
			return err
		}
	}
	return nil
}

func (m *Main) recoverCommand() *cobra.Command {
	var bundles, without []string
	c := &cobra.Command{
		Use: "recover", Short: "Lets a restored server write again, under numbers never used before.", Args: cobra.NoArgs,
		Long: `Fetches this party's own entries back from its counterparts, and opens a new epoch of its log
after them. Every counterpart has to be heard: over the network, or by a bundle of everything
that it writes (entente bundle write PARTY --whole). What was written and never reached anybody
is lost, and said to be.`,
		Example: "  entente recover\n  entente recover --bundle from-il.bundle",
		RunE:    func(c *cobra.Command, _ []string) error { return m.recover(c.Context(), bundles, without) },
	}
	c.Flags().StringArrayVar(&bundles, "bundle", nil, "a counterpart's bundle of everything; again for more")
	c.Flags().StringArrayVar(&without, "without", nil, "a counterpart that nothing of this party had ever reached")
	return c
}

func (m *Main) recover(ctx context.Context, bundles, without []string) error {
	body := map[string]any{"without": without}
	files := []string{}
	for _, name := range bundles {
		b, err := readSmall(name, maxBundle)
		if err != nil {
			return err
		}
		files = append(files, base64.StdEncoding.EncodeToString(b))
	}
	body["bundles"] = files
	return m.with(ctx, func(c *client) error {
		if m.as == "" {
			c = c.asOwner()
		}
		var out struct {
			Recovered []chancery.Recovery `json:"recovered"`
		}
		if err := c.post(ctx, "/v1/recover", body, &out); err != nil {
			return err
		}
		return m.result(out, func(w io.Writer) {
			for _, r := range out.Recovered {
				fmt.Fprintf(w, "Group %s: epoch %d begins after %s.", r.Handle, r.Epoch, entries(int(r.Size)))
				if r.Lost > 0 {
					fmt.Fprintf(w, " %s that had been written reached nobody and are lost.", entries(int(r.Lost)))
				}
				fmt.Fprintln(w)
			}
			if len(out.Recovered) == 0 {
				fmt.Fprintln(w, "Nothing to recover: this server may write everywhere.")
			}
		})
	})
}
