// Package credentials keeps the OAuth logins of accounts, and keeps them
// fresh.
//
// A login lies in the keyring of the operating system, or, where there is
// none, in a file that only its owner can read. Refresh tokens can be used
// once: a refresh is locked across processes, and its new token is on disk
// before anybody uses it. A server that gives the same answer to the same
// refresh token for some seconds, as RFC 9700 suggests and HighLevel does for
// 30, lets a lost answer be asked for again.
//
// The package knows no provider: what is special about one is passed in.
// No error that it returns holds a secret.
package credentials
