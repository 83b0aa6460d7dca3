// Serve shows the storybook to whoever changes a part of the pages, on this machine only, until
// Ctrl-C:
//
//	go run ./internal/web/storybook/serve
//
// It is a program of its own so that no party's server carries the storybook.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"

	"entente/internal/web/storybook"
)

func main() {
	at := flag.String("listen", "127.0.0.1:7499", "address of the storybook")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *at, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "storybook:", err)
		os.Exit(1)
	}
}

// run serves the storybook until ctx ends, and says where it is.
func run(ctx context.Context, at string, out io.Writer) error {
	h, err := storybook.New()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", at)
	if err != nil {
		return err
	}
	for _, q := range []string{"", "?language=he", "?theme=dark", "?page=today"} {
		fmt.Fprintf(out, "http://%s/%s\n", l.Addr(), q)
	}
	s := &http.Server{Handler: h}
	stopped := context.AfterFunc(ctx, func() { s.Close() })
	defer stopped()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
