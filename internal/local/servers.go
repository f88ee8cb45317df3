package main

import (
	"context"
	"errors"
	"net"
	"net/http"
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

// stop lets what is under way end, the servers started last first.
func (s *servers) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for i := len(s.running) - 1; i >= 0; i-- {
		_ = s.running[i].Shutdown(ctx) // past the deadline the process ends all the same
	}
}
