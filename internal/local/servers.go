package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"
)

// servers runs HTTP servers until they are all stopped.
type servers struct {
	running []*http.Server
	failed  chan error // the first failure of any
}

func newServers() *servers { return &servers{failed: make(chan error, 1)} }

func (s *servers) start(listener net.Listener, handler http.Handler) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
	}
	s.running = append(s.running, server)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			select {
			case s.failed <- err:
			default:
			}
		}
	}()
}

// stop lets what is under way end for a moment, the servers started last first.
func (s *servers) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	for _, server := range slices.Backward(s.running) {
		_ = server.Shutdown(ctx)
		_ = server.Close() // what is left, such as connections on which nothing was asked
	}
}
