// Package bounds refuses texts that would use up the memory or the time of the
// machine, before anything recursive reads them. A file of the project may come
// from a stranger's pull request.
//
// Every limit is far above what people write: about a hundred times what the
// largest known configurations hold.
package bounds
