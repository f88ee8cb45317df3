package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// serve serves until stop is called, and tells failed when it ends by itself. stop lets what is under way end for a
// moment.
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
		_ = server.Close() // what is left, such as connections on which nothing was asked
	}
}
