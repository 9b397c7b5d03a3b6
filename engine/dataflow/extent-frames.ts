/**
 * Frames of words, in which bins change hands: a batch of such a channel is a sequence of them. A *head* has the number of what is moved (a
 * bin), its kind, the words of its contents, the number of images, and the images: an extent each, its words in use and its capacity,
 * and two numbers of whoever lays it out. Where the receiver shares the heap the head is all. Elsewhere, the head is followed by
 * *bodies* (number, kind, words, 0), which carry the words in use of all its extents one after the other.
 */

/** Words in front of a head's images, and of a body's contents. */
export const FRAME_WORDS = 4;
/** Words of an image. */
export const IMAGE_WORDS = 5;

/** Kind of a head whose extents the receiver sees. */
export const KIND_EXTENTS = 0;
/** Kind of a head whose contents follow. */
export const KIND_CONTENTS = 1;
/** Kind of a body. */
export const KIND_BODY = 2;
