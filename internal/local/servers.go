package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// serve serves until stop is called. If the server fails, it sends the error to failed. stop gives running requests a moment
// to end.
func serve(listener net.Listener, handler http.Handler, failed chan<- error) (stop func()) {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       2 * time.Minute,
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = server.Shutdown(ctx)
		_ = server.Close() // closes the rest, such as idle connections
	}
}
