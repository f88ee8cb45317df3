package doesnotcompile

import "testing"

func TestUnknown(*testing.T) { missing() }
