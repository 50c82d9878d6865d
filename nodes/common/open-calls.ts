import { OpenCalls } from '../../src/index.js';

/**
 * The calls that agents have open in this Node-RED. A reply finds its call here, whichever server it came
 * through: the id is in `msg.poke.callId`, and in `msg._msgid` for flows that make their messages anew.
 */
export const openCalls = new OpenCalls();
