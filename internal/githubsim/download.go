package githubsim

import (
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	downloadRoot = "/_reports/"
	linkLifetime = time.Hour
)

// link returns the signed, absolute address of a file on the host of the request.
func (s *Server) link(r *http.Request, a *Account, f file) string {
	address := url.URL{
		Scheme: "http",
		Host:   r.Host,
		Path:   fmt.Sprintf("%s%s/%s/%s/%s/%d.json", downloadRoot, a.Kind, a.Slug, f.report.name, f.day, f.part),
	}
	if r.TLS != nil {
		address.Scheme = "https"
	}
	expiry := s.now().Add(linkLifetime).UTC().Format(time.RFC3339)
	address.RawQuery = url.Values{
		"se": {expiry}, "sp": {"r"}, "sr": {"b"}, "sv": {"2025-07-05"},
		"sig": {s.sign(address.Path, expiry)},
	}.Encode()
	return address.String()
}

func (s *Server) sign(path, expiry string) string {
	mac := hmac.New(sha256.New, s.linkKey)
	mac.Write([]byte(path + "\n" + expiry))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (s *Server) signed(link *url.URL) bool {
	query := link.Query()
	expiry, err := time.Parse(time.RFC3339, query.Get("se"))
	return err == nil && s.now().Before(expiry) &&
		hmac.Equal([]byte(query.Get("sig")), []byte(s.sign(link.Path, query.Get("se"))))
}

// download answers like the blob store behind the links, also with its errors in XML.
func (s *Server) download(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.Method != http.MethodGet:
		blobError(w, http.StatusMethodNotAllowed, "UnsupportedHttpVerb", "The resource doesn't support specified Http Verb.")
		return
	case r.Header.Get("Authorization") != "":
		blobError(w, http.StatusBadRequest, "InvalidAuthenticationInfo",
			"Authentication information is not given in the correct format. Check the value of Authorization header.")
		return
	case !s.signed(r.URL):
		blobError(w, http.StatusForbidden, "AuthenticationFailed",
			"Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.")
		return
	}
	account, f, ok := s.fileAt(r.URL.Path)
	if !ok || !account.hasReport(f.report, f.day, dayOf(s.now())) {
		blobError(w, http.StatusNotFound, "BlobNotFound", "The specified blob does not exist.")
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	if account.Gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		compressed := gzip.NewWriter(w)
		defer func() { _ = compressed.Close() }()
		people := s.population(account)
		_ = knownFiles.write(compressed, f.etag(people), people, f) // fails only if the client has disconnected
		return
	}
	s.serveFile(w, r, s.population(account), f)
}

// fileAt returns the file of a path that link has made.
func (s *Server) fileAt(path string) (*Account, file, bool) {
	parts := strings.Split(strings.TrimPrefix(path, downloadRoot), "/")
	if len(parts) != 5 {
		return nil, file{}, false
	}
	account := s.world.Load().account(Kind(parts[0]), parts[1])
	on, err := parseDay(parts[3])
	part, errPart := strconv.Atoi(strings.TrimSuffix(parts[4], ".json"))
	if account == nil || err != nil || errPart != nil {
		return nil, file{}, false
	}
	for _, rep := range reportsOf[account.Kind] {
		if rep.name == parts[2] {
			return account, file{rep, on, part}, true
		}
	}
	return nil, file{}, false
}

func blobError(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("X-Ms-Error-Code", code)
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>",
		code, message)
}
