package testworld

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/github"
)

// Network serves a simulated GitHub over HTTP in memory, for tests in a bubble of synctest: there its time costs none. All
// its answers together come at that many bytes a second at most; 0 has no bound.
func Network(tb testing.TB, gitHub http.Handler, bytesPerSecond int, now func() time.Time) *github.Service {
	tb.Helper()
	wire := &wire{arriving: make(chan net.Conn), closed: make(chan struct{}), turn: make(chan struct{}, 1), rate: bytesPerSecond}
	server := &http.Server{Handler: gitHub} //nolint:gosec // nobody but the test calls it
	go func() { _ = server.Serve(wire) }()
	tb.Cleanup(func() { _ = server.Close() })
	service, err := github.NewService("http://127.0.0.1:1/", now, github.Dialling(wire.dial))
	if err != nil {
		tb.Fatal(err)
	}
	return service
}

// wire is a net.Listener for connections of this process.
type wire struct {
	arriving chan net.Conn
	closed   chan struct{}
	close    sync.Once
	turn     chan struct{} // held while bytes travel
	rate     int
}

func (w *wire) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case w.arriving <- slow{server, w}:
		return client, nil
	case <-w.closed:
	case <-ctx.Done():
	}
	return nil, errors.New("nobody listens")
}

func (w *wire) Accept() (net.Conn, error) {
	select {
	case conn := <-w.arriving:
		return conn, nil
	case <-w.closed:
		return nil, net.ErrClosed
	}
}

func (w *wire) Close() error {
	w.close.Do(func() { close(w.closed) })
	return nil
}

func (w *wire) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

// slow is the server's end of a connection. What it sends travels when no other does.
type slow struct {
	net.Conn
	wire *wire
}

func (s slow) Write(b []byte) (int, error) {
	if s.wire.rate > 0 && !s.wire.travel(time.Duration(len(b))*time.Second/time.Duration(s.wire.rate)) {
		return 0, net.ErrClosed
	}
	return s.Conn.Write(b)
}

// travel takes the wire for so long, and reports whether it has not been closed.
func (w *wire) travel(d time.Duration) bool {
	select {
	case w.turn <- struct{}{}:
	case <-w.closed:
		return false
	}
	defer func() { <-w.turn }()
	select {
	case <-time.After(d):
		return true
	case <-w.closed:
		return false
	}
}
