package metrics

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/bits"
)

// scanner takes JSON values from a text. The text may end anywhere. If it ends within a value, the methods fail with errCut. Everything
// that the scanner takes is valid JSON by the rules of encoding/json, even values that nobody reads, because damage must be found
// anywhere in a report. Names may be repeated, and strings need not be UTF-8.
type scanner struct {
	text  []byte
	at    int
	depth int
	names names

	unknown *unknown // collects undocumented fields; nil: they are not collected
}

var (
	errCut     = errors.New("the text ends in the middle of a value")
	errInvalid = errors.New("not valid JSON") // the place is scanner.at
)

// maxDepth is the maximum depth of encoding/json.
const maxDepth = 10_000

// peek skips white space and returns the byte after it.
func (s *scanner) peek() (byte, error) {
	if s.at < len(s.text) && s.text[s.at] > ' ' {
		return s.text[s.at], nil
	}
	return s.peekBehindBlank()
}

func (s *scanner) peekBehindBlank() (byte, error) {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c, nil
		}
	}
	return 0, errCut
}

// value takes a value of any kind and returns its text.
func (s *scanner) value() ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, err
	}
	start := s.at
	if err := s.pass(); err != nil {
		return nil, err
	}
	return s.text[start:s.at], nil
}

// pass skips a value of any kind.
func (s *scanner) pass() error {
	c, err := s.peek()
	switch {
	case err != nil:
		return err
	case isDigit(c):
		// Most numbers are short integers.
		end := digits(s.text, s.at)
		if (c != '0' || end == s.at+1) && end < len(s.text) && s.text[end] == ',' {
			s.at = end
			return nil
		}
		return s.passNumber()
	}
	switch c {
	case '"':
		return s.passString()
	case '{', '[':
		return s.passNested(c)
	case 't':
		return s.passLiteral("true")
	case 'f':
		return s.passLiteral("false")
	case 'n':
		return s.passLiteral("null")
	}
	return s.passNumber()
}

// passNested skips an object or a list.
func (s *scanner) passNested(opening byte) error {
	if err := s.enter(); err != nil {
		return err
	}
	if opening == '{' {
		return s.passFields()
	}
	for first := true; ; first = false {
		more, err := s.more(']', first)
		if err != nil || !more {
			return err
		}
		if err := s.pass(); err != nil {
			return err
		}
	}
}

// passFields skips the rest of an object.
func (s *scanner) passFields() error {
	outer := s.names.enter()
	for first := true; ; first = false {
		more, err := s.more('}', first)
		if err != nil || !more {
			s.names.leave(outer)
			return err
		}
		for s.passCount() {
		}
		if _, err := s.name(); err != nil {
			return err
		}
		if err := s.pass(); err != nil {
			return err
		}
	}
}

// passCount skips the expected name, its number and the comma after it, if they come next. Most fields that are skipped are such.
func (s *scanner) passCount() bool {
	name := s.names.expected()
	if len(name) == 0 || !bytes.HasPrefix(s.text[s.at:], name) {
		return false
	}
	begin := s.at + len(name)
	end := digits(s.text, begin)
	if end == begin || end >= len(s.text) || s.text[end] != ',' || s.text[begin] == '0' && end > begin+1 {
		return false
	}
	s.at = end + 1
	s.names.pass()
	return true
}

// enter takes the opening of an object or a list.
func (s *scanner) enter() error {
	if s.depth == maxDepth {
		return errInvalid
	}
	s.depth++
	s.at++
	return nil
}

// more reports whether an object or a list has another element. It takes the comma before the element, or the closing.
func (s *scanner) more(closing byte, first bool) (bool, error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return false, err
	case c == closing:
		s.depth--
		s.at++
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, errInvalid
	}
	s.at++
	return true, nil
}

// name takes the name of a field and the colon after it. It returns the name with its quotes.
func (s *scanner) name() ([]byte, error) {
	if name := s.names.expected(); len(name) > 0 && bytes.HasPrefix(s.text[s.at:], name) {
		s.at += len(name)
		s.names.pass()
		return name[:len(name)-1], nil
	}
	c, err := s.peek()
	if err == nil && c != '"' {
		err = errInvalid
	}
	if err != nil {
		return nil, err
	}
	start := s.at
	if err := s.passString(); err != nil {
		return nil, err
	}
	name := s.text[start:s.at]
	if c, err = s.peek(); err == nil && c != ':' {
		err = errInvalid
	}
	if err != nil {
		return nil, err
	}
	s.at++
	s.names.follow(name)
	return name, nil
}

func (s *scanner) passString() error {
	text, i := s.text, s.at+1
	for i+8 <= len(text) {
		special := specialIn(binary.LittleEndian.Uint64(text[i:]))
		if special == 0 {
			i += 8
			continue
		}
		if i += bits.TrailingZeros64(special) / 8; text[i] == '"' {
			s.at = i + 1
			return nil
		}
		break
	}
	return s.passStringFrom(i)
}

// passStringFrom skips the rest of a string that has escapes or is near the end of the text.
func (s *scanner) passStringFrom(i int) error {
	for text := s.text; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			s.at = i + 1
			return nil
		case c == '\\':
			n, err := escape(text[i+1:])
			if err != nil {
				s.at = i
				return err
			}
			i += n
		case c < ' ':
			s.at = i
			return errInvalid
		default:
			i++
		}
	}
	return errCut
}

// specialIn sets the highest bit of each quote, backslash and control character among eight bytes. Bytes after the first marked one
// may be marked wrongly.
func specialIn(eight uint64) uint64 {
	const each, highest = 0x0101010101010101, 0x8080808080808080
	quote, backslash := eight^'"'*each, eight^'\\'*each
	return ((quote-each)&^quote | (backslash-each)&^backslash | (eight-' '*each)&^eight) & highest
}

// escape returns the length of an escape. It takes the text after the backslash.
func escape(after []byte) (length int, err error) {
	if len(after) == 0 {
		return 0, errCut
	}
	switch after[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
		for _, c := range after[1:min(5, len(after))] {
			if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
				return 0, errInvalid
			}
		}
		if len(after) < 5 {
			return 0, errCut
		}
		return 6, nil
	}
	return 0, errInvalid
}

func (s *scanner) passLiteral(literal string) error {
	for i := range literal {
		if s.at == len(s.text) {
			return errCut
		}
		if s.text[s.at] != literal[i] {
			return errInvalid
		}
		s.at++
	}
	return nil
}

func (s *scanner) passNumber() error {
	text, i := s.text, s.at
	if i < len(text) && text[i] == '-' {
		i++
	}
	end := digits(text, i)
	if end > i+1 && text[i] == '0' {
		end = i + 1 // a digit after it is an error
	}
	valid := end > i
	if valid && end < len(text) && text[end] == '.' {
		i, end = end+1, digits(text, end+1)
		valid = end > i
	}
	if valid && end < len(text) && text[end]|0x20 == 'e' {
		if i = end + 1; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		end = digits(text, i)
		valid = end > i
	}
	s.at = end
	switch {
	case end >= len(text):
		return errCut // the number may have more digits
	case !valid:
		return errInvalid
	}
	return nil
}

// shortCount takes a number that nothing can be wrong with: up to nine digits, without blanks around them. Most counts are such.
func (s *scanner) shortCount() (n int64, ok bool) {
	text, i := s.text, s.at
	for ; i < len(text) && isDigit(text[i]); i++ {
		n = 10*n + int64(text[i]-'0')
	}
	if length := i - s.at; length == 0 || length > 9 || i == len(text) || text[i] != ',' && text[i] != '}' || text[s.at] == '0' && length > 1 {
		return 0, false
	}
	s.at = i
	return n, true
}

// digits returns the end of the digits that begin at i.
func digits(text []byte, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return c-'0' <= 9 }
