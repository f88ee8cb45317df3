package privacy

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Veil is how people are shown. The zero value shows their names.
type Veil struct {
	mode  Mode
	block cipher.Block // nil where people are named
}

// NewVeil returns the veil of a connector. Where people are not named, a key that is not one hides them.
func NewVeil(mode Mode, key Key) Veil {
	if mode == "" || mode == Named {
		return Veil{}
	}
	block, err := aes.NewCipher(key.derived("pseudonym"))
	if err != nil || len(key) != keySize {
		return Veil{mode: Hidden}
	}
	return Veil{mode: mode, block: block}
}

// Named reports whether people are shown by their names.
func (v Veil) Named() bool { return v.mode == "" }

// Open returns an error with the code fault.PeopleHidden where lists of people are not shown.
func (v Veil) Open() error {
	if v.mode == Hidden {
		return &fault.Error{Code: fault.PeopleHidden, Op: "list people"}
	}
	return nil
}

// ShowsGroup reports whether a group of so many people may be shown by itself. One that may not joins those of no group.
func (v Veil) ShowsGroup(people int) bool { return v.mode != Hidden || people >= SmallestGroup }

var encoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// pseudonymPrefix begins every pseudonym.
const pseudonymPrefix = "person-"

// Login returns the name under which a person is shown.
func (v Veil) Login(userID int64, login string) string {
	switch {
	case v.Named():
		return login
	case v.block == nil:
		return ""
	}
	// One block of AES is a permutation: each id has its own pseudonym, and the zeros tell a pseudonym from other text.
	var block [aes.BlockSize]byte
	binary.BigEndian.PutUint64(block[:], uint64(userID)) //nolint:gosec // ids are positive
	v.block.Encrypt(block[:], block[:])
	return pseudonymPrefix + encoding.EncodeToString(block[:])
}

// Reference returns what Find leads back to the person: their id, or their pseudonym.
func (v Veil) Reference(userID int64) string {
	if v.Named() {
		return strconv.FormatInt(userID, 10)
	}
	return v.Login(userID, "")
}

var errReference = errors.New("must be a user id of GitHub's, a whole number")

// ParseReference accepts what may be a person's id or pseudonym.
func ParseReference(given string) (string, error) {
	if id, err := strconv.ParseInt(given, 10, 64); err == nil && id > 0 && given[0] != '+' {
		return strconv.FormatInt(id, 10), nil
	}
	if code, ok := strings.CutPrefix(given, pseudonymPrefix); ok {
		if text, err := encoding.DecodeString(code); err == nil && len(text) == aes.BlockSize {
			return given, nil
		}
	}
	return "", errReference
}

// Find returns the person whom a reference means. Where people are not named, an id of GitHub's leads to nobody, for it would
// tell whose pseudonym is whose.
func (v Veil) Find(reference string) (userID int64, ok bool) {
	if v.Named() {
		id, err := strconv.ParseInt(reference, 10, 64)
		return id, err == nil && id > 0
	}
	code, ok := strings.CutPrefix(reference, pseudonymPrefix)
	text, err := encoding.DecodeString(code)
	if !ok || err != nil || len(text) != aes.BlockSize || v.block == nil {
		return 0, false
	}
	v.block.Decrypt(text, text)
	userID = int64(binary.BigEndian.Uint64(text)) //nolint:gosec // checked below
	return userID, userID > 0 && v.Login(userID, "") == reference
}

// mention is a login in a text. What stands before the @ of an address is not a blank, so addresses are not mentions.
var mention = regexp.MustCompile(`(^|[^\w.+@-])@[A-Za-z0-9][\w-]*`)

// Text returns a text without the logins that it mentions, unless people are named.
func (v Veil) Text(text string) string {
	if v.Named() {
		return text
	}
	return mention.ReplaceAllString(text, "${1}its owner")
}
