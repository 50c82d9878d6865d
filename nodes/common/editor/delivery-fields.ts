/**
 * Shows what the chosen kind of delivery means, and `latestOnly` only where something can wait. Both explanations
 * share one place, so that nothing below jumps.
 */
export function prepareDeliveryFields(): void {
  const delivery = $('#node-input-delivery');
  // A flow that was written by hand may have another word, which the runtime takes for this one.
  if (typeof delivery.val() !== 'string') delivery.val('durable');
  const update = () => {
    const isDurable = delivery.val() === 'durable';
    $('#poke-delivery-durable').css('visibility', isDurable ? 'visible' : 'hidden');
    $('#poke-delivery-direct').css('visibility', isDurable ? 'hidden' : 'visible');
    $('#poke-delivery-latest').toggle(isDurable);
    delivery.attr('aria-describedby', isDurable ? 'poke-delivery-durable' : 'poke-delivery-direct');
  };
  delivery.on('change', update);
  update();
}
