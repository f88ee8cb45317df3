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

// Network serves a simulated GitHub over HTTP in memory, for tests in a synctest bubble, where waiting takes no real time. All
// answers together are limited to a number of bytes per second; 0 means no limit.
func Network(tb testing.TB, gitHub http.Handler, bytesPerSecond int, now func() time.Time) *github.Service {
	tb.Helper()
	wire := &wire{arriving: make(chan net.Conn), closed: make(chan struct{}), turn: make(chan struct{}, 1), rate: bytesPerSecond}
	server := &http.Server{Handler: gitHub} //nolint:gosec // only the test calls it
	go func() { _ = server.Serve(wire) }()
	tb.Cleanup(func() { _ = server.Close() })
	service, err := github.NewService("http://127.0.0.1:1/", now, github.Dialling(wire.dial))
	if err != nil {
		tb.Fatal(err)
	}
	return service
}

// wire is a net.Listener for connections within this process.
type wire struct {
	arriving chan net.Conn
	closed   chan struct{}
	close    sync.Once
	turn     chan struct{} // held while a connection sends bytes
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

// slow is the server's end of a connection. Only one connection sends at a time.
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

// travel occupies the wire for a duration. It returns false if the wire was closed.
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
