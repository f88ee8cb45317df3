// Package credential has what proves to GitHub who asks: the token as somebody pasted it, its kind, and the person behind
// it. A Token cannot be printed, logged or encoded. It sends nothing; package github does.
package credential
