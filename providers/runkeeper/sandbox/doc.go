// Package sandbox emulates Runkeeper's Health Graph API with invented
// people.
//
// It keeps the API's oddities: exact media types, relative links, next leading to
// older items, texts in ISO-8859-1 unless UTF-8 is asked for, times
// without zone, and refusals that say only in words how long they last. What
// the real one does when it is asked for, or sent, a media type that it does
// not have is not known; here it is 406 and 415. Bodies with properties that
// the API does not take are refused.
package sandbox
