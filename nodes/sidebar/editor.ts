import type { DeliveriesTopic } from '../account/delivery-questions.js';
import { DeliveriesTab } from './editor/deliveries-tab.js';

const CHANGES: DeliveriesTopic = 'poke/deliveries';

/** After these, Node-RED's own, there may be other accounts. The second comes again when a lost connection is back. */
const RESTARTS = ['notification/runtime-deploy', 'notification/runtime-state'];

RED.plugins.registerPlugin('poke-deliveries', {
  onadd() {
    const tab = new DeliveriesTab(this._.bind(this));
    RED.sidebar.addTab({
      id: 'poke-deliveries',
      label: this._('tab.label'),
      name: this._('tab.name'),
      iconClass: 'fa fa-paper-plane-o',
      content: tab.element,
      onchange() {
        tab.refresh();
      },
    });
    for (const topic of [CHANGES, ...RESTARTS]) {
      RED.comms.subscribe(topic, () => {
        tab.changed();
      });
    }
    // The sidebar may have been closed when something changed.
    RED.events.on('sidebar:resize', () => {
      tab.catchUp();
    });
  },
});
